import { ApiFaults } from '../../../sandbox/api/faults.ts'
import { SimulatedClock } from '../../../sandbox/clock.ts'
import { conditionOf } from '../../../sandbox/controllers/objects.ts'
import { createRandom } from '../../../sandbox/random.ts'
import type { Container, Deployment, Pod } from '../../../sandbox/store/kinds.ts'
import { ObjectStore } from '../../../sandbox/store/object-store.ts'
import type { ChangeEvent } from '../../../sandbox/store/types.ts'
import { nodeObjects } from '../../../sandbox/world/shop/nodes.ts'
import { createWorld } from '../../../sandbox/world/world.ts'

export const namespace = 'shop-staging'
const startAtMs = Date.UTC(2026, 2, 2, 12, 0, 0)

export interface TestCluster extends ReturnType<typeof createCluster> {}

/** A cluster in manual time: nothing moves but by `advance`. Errors of controllers fail the test. */
export function createCluster(options: { shop?: boolean; seed?: number; startAtMs?: number } = {}) {
  const clock = new SimulatedClock({ startAtMs: options.startAtMs ?? startAtMs })
  const random = createRandom(options.seed ?? 1)
  const uids = random.fork('uids')
  const store = new ObjectStore({ now: () => clock.date(), uid: () => uids.uuid() })
  const changes: ChangeEvent[] = []
  store.onChange((change) => changes.push(change))
  const world = createWorld({
    store,
    clock,
    random,
    faults: new ApiFaults(() => 0.5),
    withPast: false,
    withShop: options.shop ?? false,
    onError: (error) => {
      throw error
    },
  })
  if (!options.shop) {
    for (const name of [namespace, 'kube-system']) {
      store.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    }
    for (const node of nodeObjects(clock.date().toISOString())) store.create('nodes', node)
  }
  world.start()
  return {
    clock,
    store,
    world,
    changes,
    advance: (seconds: number) => clock.advance(seconds * 1000),
    /** Advances second by second until it holds. @throws after `seconds` */
    until: (what: string, holds: () => boolean, seconds = 900) => {
      for (let passed = 0; passed <= seconds; passed++) {
        if (holds()) return
        clock.advance(1000)
      }
      throw new Error(`It did not come to pass within ${seconds} simulated seconds: ${what}`)
    },
    deployment: (name: string) => {
      const found = store.get('apps/deployments', namespace, name)
      if (found === undefined) throw new Error(`There is no deployment ${name}.`)
      return found
    },
    pods: (app?: string): Pod[] =>
      store.list('pods', { namespace }).filter((pod) => app === undefined || pod.metadata.labels?.app === app),
    setImage: (name: string, version: string) =>
      store.modify('apps/deployments', namespace, name, (draft) => {
        const container = draft.spec.template.spec.containers[0]
        if (container !== undefined) container.image = imageOf(name, version)
      }),
    events: (reason: string) => store.list('events', { namespace }).filter((event) => event.reason === reason),
  }
}

export function imageOf(service: string, version: string): string {
  return `registry.sandbox.test/shop/${service}:${version}`
}

export function progressing(deployment: Deployment) {
  return conditionOf(deployment.status?.conditions, 'Progressing')
}

export function isComplete(deployment: Deployment): boolean {
  const { spec, status, metadata } = deployment
  const desired = spec.replicas ?? 1
  return (
    status?.observedGeneration === metadata.generation &&
    status?.updatedReplicas === desired &&
    status?.replicas === desired &&
    status?.availableReplicas === desired
  )
}

export interface Wish extends Partial<Deployment['spec']> {
  container?: Partial<Container>
}

export function deploymentNamed(name: string, version: string, wish: Wish = {}): Deployment {
  const { container, ...spec } = wish
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name,
              image: imageOf(name, version),
              resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1', memory: '256Mi' } },
              readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 2 },
              ...container,
            },
          ],
        },
      },
      ...spec,
    },
  }
}
