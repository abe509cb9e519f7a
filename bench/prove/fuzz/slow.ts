import { connect, type Socket } from 'node:net'
import type { Breach } from '../prover.ts'

/** By then a sender that does not get to an end has been cut off; sooner where the program was hastened. */
export const CUT_WITHIN_MS = { asItIs: 35_000, hastened: 12_000 } as const
const EVERY_MS = 400

export interface SlowSenders {
  /** Ends the trial; what was not kept. */
  ended(): Promise<Breach[]>
  readonly count: number
}

/** Senders that say a byte now and then: in the request line, in the headers, in the body, in chunks; and some that say nothing at all. */
export function startSlowSenders(address: string, count: number, withinMs: number): SlowSenders {
  const { hostname, port } = new URL(address)
  const began = performance.now()
  const open = new Set<Socket>()
  const head = `POST /api/session HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\n`
  const ways: readonly (() => { said: string; drip: string })[] = [
    () => ({ said: '', drip: 'G' }),
    () => ({ said: `GET / HTTP/1.1\r\nHost: ${hostname}\r\nX-Slow: `, drip: 'a' }),
    () => ({ said: `${head}Content-Length: 900000\r\n\r\n{"person":"`, drip: 'm' }),
    () => ({ said: `${head}Transfer-Encoding: chunked\r\n\r\n`, drip: '1\r\n{\r\n' }),
    () => ({ said: '', drip: '' }),
  ]
  for (let index = 0; index < count; index += 1) {
    const { said, drip } = ways[index % ways.length]?.() ?? { said: '', drip: '' }
    const socket = connect(Number(port), hostname)
    open.add(socket)
    socket.write(said)
    const timer = drip && setInterval(() => socket.write(drip), EVERY_MS)
    socket.resume()
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(timer || undefined)
      open.delete(socket)
    })
  }
  return {
    count,
    async ended() {
      while (open.size > 0 && performance.now() - began < withinMs)
        await new Promise((resolve) => setTimeout(resolve, 200))
      const left = open.size
      for (const socket of open) socket.destroy()
      if (left === 0) return []
      const what = `${left} of ${count} slow senders still hold their connection after ${withinMs / 1000} s`
      return [{ promise: 'slow senders are cut off', what }]
    },
  }
}
