import { crc32, deflateSync } from 'node:zlib'

/**
 * The mark of web/public/icon.svg, drawn where no renderer of SVG is: a ship's wheel on a grid of 32. Teams wants a full square in
 * colour, and a white outline on nothing.
 */
const GRID = 32
const MIDDLE = GRID / 2
const RING = { radius: 7, width: 2.2 }
const HUB = 2.2
const SPOKES = { from: 5, to: 11 }
const BLUE = [0x1d, 0x4f, 0x91] as const

/** 192 × 192, white on blue. */
export const colorIcon = (): Buffer =>
  png(192, (x, y) => {
    const ink = inkAt(x, y, 192)
    return [...BLUE.map((part) => Math.round(part + (255 - part) * ink)), 255]
  })

/** 32 × 32, white on nothing. */
export const outlineIcon = (): Buffer => png(32, (x, y) => [255, 255, 255, Math.round(255 * inkAt(x, y, 32))])

/** How much of a pixel the mark covers, 0–1, by its distance from the nearest line. */
function inkAt(column: number, row: number, size: number): number {
  const scale = size / GRID
  const x = (column + 0.5) / scale - MIDDLE
  const y = (row + 0.5) / scale - MIDDLE
  const radius = Math.hypot(x, y)
  const ring = Math.abs(radius - RING.radius) - RING.width / 2
  // The four spokes are one, seen from its own side.
  const [along, across] = Math.abs(x) > Math.abs(y) ? [Math.abs(x), y] : [Math.abs(y), x]
  const nearest = Math.min(Math.max(along, MIDDLE - SPOKES.to), MIDDLE - SPOKES.from)
  const spoke = Math.hypot(along - nearest, across) - RING.width / 2
  const distance = Math.min(ring, spoke, radius - HUB) * scale
  return Math.min(1, Math.max(0, 0.5 - distance))
}

/** A PNG of eight bits a channel with alpha (ISO/IEC 15948). */
function png(size: number, pixel: (x: number, y: number) => readonly number[]): Buffer {
  const rows = Array.from({ length: size }, (_, y) => [
    0,
    ...Array.from({ length: size }, (_, x) => pixel(x, y)).flat(),
  ])
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const pixels = deflateSync(Buffer.from(rows.flat()))
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
