import { expect, it } from 'vitest'
import { ApiFaults } from '../../../sandbox/api/faults.ts'
import { SimulatedClock } from '../../../sandbox/clock.ts'
import { createRandom } from '../../../sandbox/random.ts'
import { ObjectStore, type StoreDump } from '../../../sandbox/store/object-store.ts'
import { createWorld } from '../../../sandbox/world/world.ts'
import { createCluster, deploymentNamed, isComplete, namespace } from './cluster.ts'

it('takes over a cluster from its dump: pods run on, faults and published versions are known, controllers go on', () => {
  const before = createCluster()
  before.world.control.publish('cart', '1.8.7', 'never-ready')
  before.store.create('apps/deployments', deploymentNamed('cart', '1.8.1'))
  before.until('complete', () => isComplete(before.deployment('cart')))
  before.world.control.setFaults('cart', namespace, { errorShare: 0.5 })
  before.setImage('cart', '1.8.7')
  before.advance(20)
  const dump: StoreDump = JSON.parse(JSON.stringify(before.store.dump()))
  before.world.stop()

  const clock = new SimulatedClock({ startAtMs: before.clock.now() + 60_000 })
  const random = createRandom(2)
  const store = new ObjectStore({ now: () => clock.date(), uid: () => random.uuid() })
  store.load(dump)
  const onError = (error: unknown) => {
    throw error
  }
  const world = createWorld({ store, clock, random, faults: new ApiFaults(() => 0.5), withPast: false, onError })
  world.start()
  clock.advance(30_000)
  const pods = store.list('pods', { namespace })
  expect(pods.map((pod) => pod.metadata.uid).sort()).toEqual(
    before
      .pods()
      .map((pod) => pod.metadata.uid)
      .sort(),
  )
  const statuses = pods.map((pod) => pod.status?.containerStatuses?.[0])
  expect(statuses.map((status) => status?.restartCount)).toEqual([0, 0, 0, 0])
  // The published version still is what it was: it never gets ready.
  expect(statuses.filter((status) => status?.ready)).toHaveLength(3)
  expect(world.control.state()).toMatchObject({
    published: [{ service: 'cart', version: '1.8.7' }],
    faults: [{ service: 'cart', faults: { errorShare: 0.5 } }],
  })
  store.modify('apps/deployments', namespace, 'cart', (draft) => {
    const container = draft.spec.template.spec.containers[0]
    if (container !== undefined) container.image = 'registry.sandbox.test/shop/cart:1.8.2'
  })
  clock.advance(60_000)
  const deployment = store.get('apps/deployments', namespace, 'cart')
  expect(deployment && isComplete(deployment)).toBe(true)
})

it('gives no version again that a crash may have lost: whoever watched from there is told to list anew', () => {
  const clock = new SimulatedClock()
  const open = () => new ObjectStore({ now: () => clock.date(), uid: () => 'u' })
  const make = (store: ObjectStore, name: string) =>
    store.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  const crashed = open()
  make(crashed, 'kept')
  const dump: StoreDump = JSON.parse(JSON.stringify(crashed.dump()))
  const lost = Number(make(crashed, 'lost').metadata.resourceVersion)
  const restarted = open()
  restarted.load(dump)
  for (const name of ['a', 'b']) expect(Number(make(restarted, name).metadata.resourceVersion)).toBeGreaterThan(lost)
  expect(() => restarted.history.since(lost, 'namespaces')).toThrow(/too old resource version/)
})
