import type { SimulatedClock } from '../../clock.ts'
import type { ObjectStore } from '../../store/object-store.ts'
import { timestamp } from '../../store/timestamp.ts'
import type { KubeObject } from '../../store/types.ts'
import type { Collector } from '../collect/collector.ts'
import { environments } from './environments.ts'
import { autoscalerOf, deploymentOf, serviceOf } from './manifests.ts'
import { nodeObjects } from './nodes.ts'
import { ownerObjects, ownershipOf } from './ownership.ts'
import { services } from './services.ts'
import { imageOf, startingVersion } from './versions.ts'

const dayMs = 86_400_000
const settleMs = 60_000

/** How long before the beginning the shop was set up. */
const ageMs = 14 * dayMs

export interface SeedOptions {
  store: ObjectStore
  clock: SimulatedClock
  collector: Collector
  /** The instant the seeding ends at; the clock stands before it. */
  presentMs: number
  /** Whether the traffic until then is sampled; see ageOfShop. */
  withPast: boolean
}

/** How far before the present the shop is set up, in ms. Without a past two minutes: for tests that look at nothing older. */
export function ageOfShop(withPast: boolean): number {
  return withPast ? ageMs : 2 * settleMs
}

/**
 * Builds the shop by letting it happen: with the clock in the past the first versions are set up without replicas,
 * the present ones are deployed, and the traffic since then is sampled. Ends in the present.
 */
export function seedShop({ store, clock, collector, presentMs, withPast }: SeedOptions): void {
  createShop(store, timestamp(clock.date()), clock.date())
  clock.advance(settleMs)
  deployPresentVersions(store)
  clock.advance(settleMs)
  if (withPast) {
    collector.fillPast(clock.now(), presentMs)
    clock.jumpTo(presentMs)
  }
}

function createShop(store: ObjectStore, now: string, date: Date): void {
  const create = (resource: string, object: KubeObject, fieldManager = 'shop-setup') =>
    store.create(resource, object, { fieldManager })
  const namespaces = [...environments.map((environment) => environment.namespace), 'argocd', 'flux-system']
  for (const name of namespaces) {
    const environment = environments.find((each) => each.namespace === name)
    const labels: Record<string, string> =
      environment === undefined ? {} : { environment: environment.name, 'app.kubernetes.io/part-of': 'shop' }
    create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
  }
  for (const node of nodeObjects(now)) create('nodes', node, 'kubelet')
  for (const { resource, object } of ownerObjects(date)) create(resource, object, 'gitops-setup')
  for (const environment of environments) {
    const { namespace } = environment
    const quota = { metadata: { name: 'shop-quota', namespace }, spec: { hard: environment.quota } }
    create('resourcequotas', { apiVersion: 'v1', kind: 'ResourceQuota', ...quota })
    for (const service of services) {
      const { manager } = ownershipOf(service, environment)
      const version = startingVersion(service, environment.name, true)
      const deployment = deploymentOf(service, environment, version)
      create('apps/deployments', { ...deployment, spec: { ...deployment.spec, replicas: 0 } }, manager)
      create('services', serviceOf(service, environment), manager)
      const autoscaler = autoscalerOf(service, environment)
      if (autoscaler !== undefined) create('autoscaling/horizontalpodautoscalers', autoscaler)
    }
  }
}

function deployPresentVersions(store: ObjectStore): void {
  for (const environment of environments) {
    for (const service of services) {
      const version = startingVersion(service, environment.name, false)
      store.modify(
        'apps/deployments',
        environment.namespace,
        service.name,
        (draft) => {
          draft.metadata.annotations = {
            ...draft.metadata.annotations,
            'kubernetes.io/change-cause': `${service.name} ${version}`,
          }
          draft.spec.replicas = service.replicas[environment.name]
          const container = draft.spec.template.spec.containers[0]
          if (container !== undefined) container.image = imageOf(service.name, version)
        },
        { fieldManager: ownershipOf(service, environment).manager },
      )
    }
  }
}
