import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express, type Router } from 'express'
import { ConfigError, messageOf } from '../core/errors.ts'
import type { Logger } from '../core/ports/logger.ts'
import { translateErrors } from './error-translation.ts'
import { type HealthProbes, healthRoutes } from './health.ts'
import { checkHost, checkOrigin } from './host-check.ts'
import { notFound } from './not-found.ts'
import { requestId } from './request-id.ts'
import { securityHeaders } from './security-headers.ts'

/** What a folder gives the server: a router under a path, and how its bodies are read. */
interface RouterMount {
  readonly path: string
  readonly router: Router
  /** `json` (default): parsed, 1 MiB at most. `raw`: left alone, for surfaces that check a signature over the bytes. */
  readonly body?: 'json' | 'raw'
  /** Called when the server closes: long-lived answers (live events) end here. */
  readonly close?: () => void
}

export interface HttpServerOptions {
  readonly listen: { readonly host: string; readonly port: number }
  /** What sets the address, for the sentence when it is taken. Default `listen`. */
  readonly setBy?: 'listen' | 'metrics'
  /** Host names people reach us by besides the address itself, e.g. the public name behind a proxy. */
  readonly publicHosts?: readonly string[]
  readonly routers: readonly RouterMount[]
  readonly health: HealthProbes
  /** `/metrics`, where it is not at an address of its own. */
  readonly metrics?: Router | undefined
  readonly log: Logger
  /** Folder of the built page, served at `/`. */
  readonly pageFolder?: string
}

export interface HttpServer {
  /** Resolves with the address people open; rejects with a sentence when the port is taken. */
  listen(): Promise<string>
  /** Lets requests in flight end for at most `graceMs` (default 5 s). */
  close(graceMs?: number): Promise<void>
  /** `http://127.0.0.1:8321`; undefined before `listen`. */
  readonly address: string | undefined
  readonly app: Express
}

const BODY_LIMIT_BYTES = 1024 * 1024

/** Who says a byte now and then holds a connection, and a body's memory, for this long at most. Answers may take as long as they need. */
const HEADERS_WITHIN_MS = 10_000
const REQUEST_WITHIN_MS = 20_000
const CHECK_EVERY_MS = 2_000
/**
 * How long a connection that says nothing is kept. Longer than proxies usually keep theirs (60 s in nginx and in AWS's load balancers): else a
 * proxy sends a click just as we hang up, and nobody may send it again for it.
 */
const KEPT_MS = 75_000

/** The one HTTP server. Errors are translated once, here; every router may simply throw. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use(requestId())
  app.use(securityHeaders())
  // Probes come by pod address, so they stand before the host check; they tell nothing but names, counts and health.
  app.use(healthRoutes(options.health))
  if (options.metrics) app.use(options.metrics)
  app.use(checkHost(options.publicHosts ?? []))
  app.use(checkOrigin())
  for (const mount of options.routers) {
    if (mount.body === 'raw') app.use(mount.path, mount.router)
    else app.use(mount.path, express.json({ limit: BODY_LIMIT_BYTES, strict: false }), mount.router)
  }
  if (options.pageFolder) app.use(page(options.pageFolder))
  app.use(notFound())
  app.use(translateErrors(options.log))

  const patience = {
    headersTimeout: HEADERS_WITHIN_MS,
    requestTimeout: REQUEST_WITHIN_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    keepAliveTimeout: KEPT_MS,
  }
  const server = createServer(patience, app)
  let address: string | undefined
  return {
    app,
    get address() {
      return address
    },
    async listen() {
      await listening(server, options.listen, options.setBy ?? 'listen')
      const { port } = server.address() as AddressInfo // a TCP server's address is never a string
      const host = options.listen.host
      address = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
      return address
    },
    async close(graceMs = 5_000) {
      for (const mount of options.routers) mount.close?.()
      if (!server.listening) return
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}

function listening(
  server: Server,
  { host, port }: HttpServerOptions['listen'],
  setBy: 'listen' | 'metrics',
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      const says = taken
        ? `Another program listens on ${host}:${port} already. Stop it, or set ${setBy}.port (QUARTERDECK_${setBy.toUpperCase()}) to a free one.`
        : `Cannot listen on ${host}:${port}: ${messageOf(error)}. Check ${setBy}.host and ${setBy}.port.`
      reject(new ConfigError(says, { cause: error }))
    })
    server.listen(port, host, () => resolve())
  })
}

function page(folder: string) {
  return express.static(folder, {
    index: 'index.html',
    setHeaders: (response, path) => {
      // Built files carry their content's hash in their names; the page itself must be asked for every time.
      const forever = /[/\\]assets[/\\]/.test(path)
      response.setHeader('Cache-Control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}
