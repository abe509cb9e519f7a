/** WebSocket frames (RFC 6455), as far as short unfragmented texts and control frames go. */
export const TEXT = 1
export const CLOSE = 8
export const PING = 9
export const PONG = 10

export interface Frame {
  readonly kind: number
  readonly body: Buffer
}

/** A frame from a server: not masked. */
export function frameOf(kind: number, body: Buffer): Buffer {
  const first = 0x80 | kind
  const head =
    body.length < 126
      ? Buffer.from([first, body.length])
      : Buffer.from([first, 126, body.length >> 8, body.length & 255])
  return Buffer.concat([head, body])
}

/** Takes frames of a client, which are masked, from the bytes so far; `rest` is the beginning of the next one. */
export function framesIn(bytes: Buffer): { readonly frames: readonly Frame[]; readonly rest: Buffer } {
  const frames: Frame[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const [first = 0, second = 0] = bytes.subarray(at, at + 2)
    const isLong = (second & 127) === 126
    const mask = at + (isLong ? 4 : 2)
    if (bytes.length < mask + 4) break
    const length = isLong ? bytes.readUInt16BE(at + 2) : second & 127
    const end = mask + 4 + length
    if (bytes.length < end) break
    const body = bytes.subarray(mask + 4, end).map((byte, place) => byte ^ (bytes[mask + (place % 4)] ?? 0))
    frames.push({ kind: first & 15, body: Buffer.from(body) })
    at = end
  }
  return { frames, rest: bytes.subarray(at) }
}
