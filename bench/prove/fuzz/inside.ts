import { subscribe } from 'node:diagnostics_channel'
import type { Server } from 'node:http'

/**
 * Preloaded into the program that is fuzzed: tells the prover over the process channel which routes its HTTP server has, what memory it
 * holds after a collection, and what nobody caught. The program knows nothing of it.
 */
export interface Route {
  readonly method: string
  /** As Express has it: `/api/threads/:key`. */
  readonly path: string
}
export type Inside =
  | { readonly about: 'routes'; readonly routes: readonly Route[] }
  | { readonly about: 'memory'; readonly heldMb: number; readonly residentMb: number; readonly polluted: boolean }
  | { readonly about: 'hastened' }
  | { readonly about: 'uncaught'; readonly error: string }

/** The parts of Express that are looked at. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> }
  readonly handle: { readonly stack?: readonly Layer[] }
  readonly slash: boolean
  match(path: string): boolean
}

/** How much sooner slow senders are cut off in a short run. */
const HASTE = 5
const PREFIXES = ['/api']
const tell = (message: Inside) => process.send?.(message)

let server: Server | undefined
subscribe('http.server.request.start', (message) => {
  // What Node documents for this channel.
  server ??= (message as { server: Server }).server
})
process.on('uncaughtExceptionMonitor', (error) => tell({ about: 'uncaught', error: String(error.stack ?? error) }))
process.on('message', (ask) => {
  if (ask === 'routes') tell({ about: 'routes', routes: routesOf(server) })
  if (ask === 'hastened') hasten(server)
  if (ask === 'memory') tell({ about: 'memory', ...memory() })
})
// Asking must not keep alive what was told to end.
process.channel?.unref()

/** What a short run has no time to wait for comes sooner; what has no end of its own gets none. */
function hasten(slow: Server | undefined): void {
  if (!slow) throw new Error('The program has had no request yet.')
  slow.headersTimeout /= HASTE
  slow.requestTimeout /= HASTE
  tell({ about: 'hastened' })
}

function routesOf(from: Server | undefined): Route[] {
  // The request listener of an Express server is the application.
  const app = from?.listeners('request')[0] as { router?: { stack: readonly Layer[] } } | undefined
  if (!app?.router) throw new Error('The HTTP server of the program is no Express application any more: mend the fuzz.')
  return walk(app.router.stack, '')
}

function walk(stack: readonly Layer[], prefix: string): Route[] {
  return stack.flatMap((layer) => {
    const { route } = layer
    if (route) {
      const methods = Object.keys(route.methods).filter((method) => route.methods[method])
      return methods.map((method) => ({ method: method.toUpperCase(), path: prefix + route.path }))
    }
    if (!layer.handle.stack) return []
    const under = layer.slash ? '' : PREFIXES.find((known) => layer.match(known))
    if (under === undefined) throw new Error(`A router is mounted elsewhere than at ${PREFIXES}: mend the fuzz.`)
    return walk(layer.handle.stack, prefix + under)
  })
}

function memory() {
  if (!global.gc) throw new Error('Start it with --expose-gc.')
  global.gc()
  global.gc()
  const { heapUsed, external, rss } = process.memoryUsage()
  const mb = (bytes: number) => Math.round(bytes / 1024 / 1024)
  return { heldMb: mb(heapUsed + external), residentMb: mb(rss), polluted: 'polluted' in {} }
}
