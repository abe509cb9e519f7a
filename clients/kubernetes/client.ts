import type { Catalog } from '../../core/catalog/catalog.ts'
import type { ClusterReader, ClusterWriter } from '../../core/ports/cluster.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { Telemetry } from '../../core/ports/telemetry.ts'
import { DEFAULT_RESILIENCE, type ResilienceOptions } from '../resilience.ts'
import { Cluster } from './cluster.ts'
import { connect, type KubeconfigSource } from './connection.ts'
import { type LearnedService, learnServices } from './learn-services.ts'
import { createLocator } from './locate.ts'
import { createReader } from './reader.ts'
import { createWriter } from './writer.ts'

export interface ClusterClientOptions {
  /** The kubeconfig that holds the environment's context (catalog: `cluster`). Asked when a cluster is first used. */
  readonly kubeconfigs: (environment: string) => KubeconfigSource
  readonly catalog: () => Catalog
  readonly log: Logger
  readonly clock: () => Date
  readonly telemetry?: Telemetry
  readonly resilience?: Partial<ResilienceOptions>
  /** Per call; a watch has its own. Default 10 s. */
  readonly requestTimeoutMs?: number
}

export interface ClusterClient {
  readonly reader: ClusterReader
  readonly writer: ClusterWriter
  learnServices(environment: string): Promise<readonly LearnedService[]>
  close(): Promise<void>
}

/**
 * The clusters behind the catalog's environments. Environments that share a kubeconfig and a context share one connection pool and one
 * circuit breaker. Nothing is connected before the first call.
 */
export function createClusterClient(options: ClusterClientOptions): ClusterClient {
  const clusters = new Map<string, Cluster>()
  const clusterOf = (environment: string, context: string): Cluster => {
    const source = options.kubeconfigs(environment)
    const key = JSON.stringify([source, context])
    const known = clusters.get(key)
    if (known) return known
    options.log.debug({ environment, context }, 'opening a cluster')
    const cluster = new Cluster({
      name: context,
      connect: () => connect(source, context),
      clock: options.clock,
      resilience: {
        ...DEFAULT_RESILIENCE,
        ...options.resilience,
        circuit: (state) => options.telemetry?.tell({ what: 'circuit', service: `cluster ${context}`, state }),
      },
      requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    })
    clusters.set(key, cluster)
    return cluster
  }
  const locator = createLocator(options.catalog, clusterOf)
  return {
    reader: createReader(locator, options.catalog),
    writer: createWriter(locator),
    learnServices: (environment) => learnServices(locator, environment),
    async close() {
      await Promise.all([...clusters.values()].map((cluster) => cluster.close()))
      clusters.clear()
    },
  }
}
