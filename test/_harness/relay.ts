import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** What may befall a network. */
export type Trouble =
  /** Every answer comes that much later, in order. */
  | { readonly is: 'slow'; readonly ms: number }
  /** Connections are reset, new ones too. */
  | { readonly is: 'reset' }
  /** Connections are accepted and nothing passes; what was sent meanwhile arrives when it is over. */
  | { readonly is: 'silent' }
  /** Nobody listens. */
  | { readonly is: 'refused' }
  /** What is asked arrives and is done; with its answer the connection is reset. */
  | { readonly is: 'unheard' }

/** A TCP relay before a server, with which a network's troubles are brought about, on old connections and new ones. */
export interface Relay {
  readonly url: string
  /** From now on, in the place of what it suffered before. */
  suffer(trouble: Trouble): Promise<void>
  /** All is well again. */
  mend(): Promise<void>
  /** As a cable that is pulled: `reset`, at once. */
  cut(): void
  close(): Promise<void>
}

const LISTEN_AGAIN_MS = 50

export async function relayTo(url: string): Promise<Relay> {
  const target = new URL(url)
  const targetPort = Number(target.port || 5432)
  const sockets = new Set<Socket>()
  let trouble: Trouble | undefined
  const server = createServer((near) => {
    if (trouble?.is === 'reset') return near.resetAndDestroy()
    const far = connect(targetPort, target.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      // Either end may go at any time; the other one then goes, too.
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    near.on('close', () => far.destroy())
    near.pipe(far)
    // An answer is later than its own delay only when what was said before it is later still.
    let notBefore = 0
    const late = (then: () => void) => {
      if (trouble?.is === 'slow') notBefore = Math.max(notBefore, performance.now() + trouble.ms)
      const waitMs = notBefore - performance.now()
      if (waitMs > 0) setTimeout(then, waitMs)
      else then()
    }
    far.on('data', (bytes) => {
      if (trouble?.is === 'unheard') near.resetAndDestroy()
      else late(() => near.write(bytes))
    })
    far.on('close', () => late(() => near.destroy()))
    if (trouble?.is === 'silent') for (const socket of [near, far]) socket.pause()
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const { port } = server.address() as AddressInfo // a TCP server's address is never a string
  const relayed = new URL(url)
  relayed.hostname = '127.0.0.1'
  relayed.port = String(port)

  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  async function suffer(next: Trouble | undefined): Promise<void> {
    trouble = next
    if (next?.is === 'reset' || next?.is === 'refused') reset()
    for (const socket of sockets) if (next?.is === 'silent') socket.pause()
    for (const socket of sockets) if (next?.is !== 'silent') socket.resume()
    if (next?.is === 'refused') server.close()
    // Its port is free unless somebody was given it meanwhile, who will not have it for long.
    while (next?.is !== 'refused' && !server.listening && trouble === next)
      await listen(port).catch(() => pause(LISTEN_AGAIN_MS))
  }
  return {
    url: relayed.href,
    suffer,
    mend: () => suffer(undefined),
    cut() {
      trouble = { is: 'reset' }
      reset()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    },
  }
}
