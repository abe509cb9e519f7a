import { type ClusterClientOptions, createClusterClient } from '../../../clients/kubernetes/client.ts'
import type { Catalog, CatalogService } from '../../../core/catalog/catalog.ts'
import type { OperationId } from '../../../core/ids.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { type SandboxOptions, startSandbox } from '../../../sandbox/server.ts'
import { makeCatalog, makeService } from '../../_harness/catalog.ts'
import { startBreakableProxy } from './breakable-proxy.ts'

/** The sandbox's shop as a catalog, with a client on it. */
export async function openShop(options: SandboxOptions = {}, client: Partial<ClusterClientOptions> = {}) {
  const sandbox = await startSandbox({ seed: 7, speed: 40, withPast: false, ...options })
  const proxy = await startBreakableProxy(sandbox.url)
  const shop = createClusterClient({
    kubeconfigs: () => ({ text: sandbox.kubeconfig().replace(sandbox.url, proxy.url) }),
    catalog: () => shopCatalog(),
    log: silentLogger,
    clock: () => new Date(),
    resilience: { firstDelayMs: 5, longestDelayMs: 1_500, halfOpenAfterMs: 300 },
    ...client,
  })
  return {
    ...shop,
    sandbox,
    proxy,
    close: async () => {
      await shop.close()
      await proxy.close()
      await sandbox.close()
    },
  }
}

export const operation = (text: string) => `op-${text}` as OperationId

/** Services by name only, all else as the sandbox has it. */
export function shopCatalog(services: readonly Partial<CatalogService>[] = [{ name: 'checkout' }]): Catalog {
  return makeCatalog(services.map((service) => makeService(service.name ?? '', service)))
}

export type Shop = Awaited<ReturnType<typeof openShop>>

export const imageOf = (service: string, version: string) => `registry.sandbox.test/shop/${service}:${version}`

let operations = 0
/** Deploys a version of a service in one step of a new operation; resolves with what was written. */
export async function deploy(shop: Shop, service: string, environment: string, version: string) {
  const ref = { service, environment }
  const { image } = await shop.reader.workload(ref)
  return shop.writer.setImage(ref, {
    image: imageOf(service, version),
    version,
    expectImage: image,
    operation: operation(`deploy${operations++}`),
    step: 'set the image',
  })
}

/** Follows a rollout to its end and keeps what it said on the way. */
export async function follow(
  shop: Shop,
  service: string,
  environment: string,
  generation: number,
  signal?: AbortSignal,
) {
  const said: string[] = []
  const outcome = await shop.reader.followRollout(
    { service, environment },
    { generation, signal: signal ?? AbortSignal.timeout(45_000), onProgress: ({ says }) => said.push(says) },
  )
  return { outcome, said }
}
