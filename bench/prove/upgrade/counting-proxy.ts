import { once } from 'node:events'
import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A write that the cluster took, and the operation it names. */
export interface Effect {
  readonly operation: string | undefined
  readonly what: string
}

export interface CountingProxy {
  readonly url: string
  readonly effects: readonly Effect[]
  close(): Promise<void>
}

/** Who writes; older writers stand in other annotations of the same body. */
const OPERATION = /"quarterdeck\.dev\/operation"\s*:\s*"(op-[a-z0-9]+)"/

/** Stands between the program and its cluster, and writes down every change that passes and is taken. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const effects: Effect[] = []
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const onwards = ask(
        new URL(incoming.url ?? '/', target),
        { method: incoming.method, headers: { ...incoming.headers, 'content-length': body.length } },
        (answer) => {
          const changes = !['GET', 'HEAD', 'OPTIONS'].includes(incoming.method ?? 'GET')
          const taken = (answer.statusCode ?? 500) < 300 && !/dryRun=/.test(incoming.url ?? '')
          if (changes && taken)
            effects.push({
              operation: OPERATION.exec(body.toString())?.[1],
              what: `${incoming.method} ${incoming.url?.split('?')[0]}`,
            })
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(outgoing)
          // A watch that its reader leaves is left here too.
          outgoing.on('close', () => answer.destroy())
        },
      )
      onwards.on('error', () => outgoing.destroy())
      onwards.end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    effects,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
