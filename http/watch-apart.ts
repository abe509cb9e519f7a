import type { Logger } from '../core/ports/logger.ts'
import type { HealthProbes } from './health.ts'
import type { Metrics } from './metrics.ts'
import { createHttpServer, type HttpServer } from './server.ts'

/** Metrics and health at an address of their own. Resolves when it listens; throws a sentence when the port is taken. */
export async function watchApart(options: {
  readonly listen: { readonly host: string; readonly port: number }
  readonly health: HealthProbes
  readonly metrics: Metrics
  readonly log: Logger
}): Promise<HttpServer> {
  const { metrics, ...rest } = options
  const server = createHttpServer({ ...rest, setBy: 'metrics', routers: [], metrics: metrics.routes() })
  await server.listen()
  return server
}
