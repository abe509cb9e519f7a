import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy whose answers can be made slow: everything the server says reaches the client that much later, in order. */
export interface SlowProxy {
  readonly port: number
  /** How late answers are from now on, in milliseconds, on old connections too. */
  delayMs: number
  close(): Promise<void>
}

export async function openSlowProxy(target: { host: string; port: number }): Promise<SlowProxy> {
  const sockets = new Set<Socket>()
  const proxy = { port: 0, delayMs: 0, close }
  const server = createServer((client) => {
    const upstream = connect(target)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('close', () => sockets.delete(socket))
      // Either end may go at any time; the other one then goes, too.
      socket.on('error', () => {})
    }
    client.pipe(upstream)
    client.on('close', () => upstream.destroy())
    // Later than its own delay only when what was said before it is later still.
    let notBefore = 0
    upstream.on('data', (bytes) => {
      notBefore = Math.max(notBefore, performance.now() + proxy.delayMs)
      setTimeout(() => client.write(bytes), Math.max(0, notBefore - performance.now()))
    })
    upstream.on('close', () => setTimeout(() => client.destroy(), Math.max(0, notBefore - performance.now())))
  })
  async function close() {
    server.close()
    for (const socket of sockets) socket.destroy()
    await once(server, 'close')
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy.port = (server.address() as AddressInfo).port // a TCP server's address is never a string
  return proxy
}
