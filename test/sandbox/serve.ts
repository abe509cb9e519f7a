import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** Serves handlers by path prefix on a free port until the test ends. @returns the base URL */
export async function serve(handlers: Record<string, Handler>): Promise<string> {
  const server = createServer((request, response) => {
    const prefix = Object.keys(handlers).find((each) => (request.url ?? '').startsWith(each))
    const handler = prefix === undefined ? undefined : handlers[prefix]
    if (handler === undefined) response.writeHead(404).end()
    else
      Promise.resolve(handler(request, response)).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // a TCP server has one
  return `http://127.0.0.1:${port}`
}
