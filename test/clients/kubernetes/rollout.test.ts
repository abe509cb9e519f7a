import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { UserError } from '../../../core/errors.ts'
import type { RolloutOutcome } from '../../../core/ports/cluster.ts'
import { deploy, follow, openShop, type Shop } from './shop.ts'

let shop: Shop
beforeAll(async () => {
  // Night in the shop: by day its autoscaler grows search until the namespace's quota is what stops it.
  shop = await openShop({ speed: 60, startAtMs: Date.parse('2026-11-21T04:00:00Z') })
})
afterAll(() => shop?.close())

async function openSlowShop() {
  const slow = await openShop({ speed: 15, startAtMs: Date.parse('2026-11-21T04:00:00Z') })
  return Object.assign(slow, { [Symbol.asyncDispose]: () => slow.close() })
}

type Service = 'orders' | 'cart' | 'web' | 'search' | 'payments' | 'catalog' | 'inventory' | 'checkout'
type Draft = Parameters<Parameters<typeof shop.sandbox.store.modify<'apps/deployments'>>[3]>[0]

const change = (service: Service, edit: (draft: Draft) => void, environment = 'staging') =>
  shop.sandbox.store.modify('apps/deployments', `shop-${environment}`, service, edit)

function problemOf(outcome: RolloutOutcome) {
  if (outcome.done) throw new Error(`the rollout succeeded: ${outcome.says}`)
  return outcome.problem
}

test('a good version is followed to the last pod', async () => {
  // Slow enough that a busy machine, too, hears of it before it is over.
  await using slow = await openSlowShop()
  const { generation } = await deploy(slow, 'checkout', 'production', '1.4.2')
  const { outcome, said } = await follow(slow, 'checkout', 'production', generation)
  expect(outcome).toMatchObject({ done: true, says: expect.stringContaining('Rolled out in') })
  expect(said.some((line) => /of 4 pods started/.test(line))).toBe(true)
  const workload = await slow.reader.workload({ service: 'checkout', environment: 'production' })
  expect(workload).toMatchObject({
    version: '1.4.2',
    rollingOut: false,
    replicas: { desired: 4, ready: 4, updated: 4 },
  })
})

test('an image that no registry has', async () => {
  const { generation } = await deploy(shop, 'orders', 'staging', '2.3.0')
  const problem = problemOf((await follow(shop, 'orders', 'staging', generation)).outcome)
  expect(problem.kind).toBe('image-pull')
  expect(problem.says).toMatch(/^orders-\S+ cannot pull registry\.sandbox\.test\/shop\/orders:2\.3\.0: .*not found/)
  const { problems, rollingOut } = await shop.reader.workload({ service: 'orders', environment: 'staging' })
  expect(rollingOut).toBe(true)
  expect(problems.map(({ kind }) => kind)).toEqual(['image-pull'])
})

test('a version that crashes is named with the last words of the container that crashed', async () => {
  const { generation } = await deploy(shop, 'cart', 'staging', '1.9.0')
  const problem = problemOf((await follow(shop, 'cart', 'staging', generation)).outcome)
  expect(problem.kind).toBe('crash-loop')
  expect(problem.says).toMatch(/crashes again and again \(exit code 1, 2 restarts so far\)/)
  expect(problem.lastLogs).toContain('Error: Missing configuration: PAYMENT_PROVIDER_URL')
})

test('after a crash loop the way back is not blamed for what the bad version still does', async () => {
  const { generation } = await deploy(shop, 'cart', 'staging', '1.8.1')
  expect((await follow(shop, 'cart', 'staging', generation)).outcome.done).toBe(true)
})

test('a version that is never ready is named by its probe at the progress deadline', async () => {
  change('web', (draft) => {
    draft.spec.progressDeadlineSeconds = 60
  })
  const { generation } = await deploy(shop, 'web', 'staging', '3.3.4')
  const { outcome } = await follow(shop, 'web', 'staging', generation)
  const problem = problemOf(outcome)
  expect(problem.kind).toBe('failing-probe')
  expect(problem.says).toMatch(/runs but is not ready: Readiness probe failed: HTTP probe failed with statuscode: 503/)
  expect(outcome.done || outcome.also.map(({ kind }) => kind)).toContain('progress-deadline')
})

test('a container that hits its memory limit while it starts', async () => {
  change('inventory', (draft) => {
    const [container] = draft.spec.template.spec.containers
    if (container) container.resources = { limits: { memory: '2Mi' }, requests: { cpu: '100m', memory: '1Mi' } }
  })
  const { generation } = await deploy(shop, 'inventory', 'staging', '1.6.3')
  const problem = problemOf((await follow(shop, 'inventory', 'staging', generation)).outcome)
  expect(problem.kind).toBe('out-of-memory')
  expect(problem.says).toMatch(/needs more memory than its limit allows.*OOMKilled/)
})

test('a used-up quota is named at once, with the numbers', async () => {
  const quota = (pods: string) =>
    shop.sandbox.store.modify('resourcequotas', 'shop-dev', 'shop-quota', (draft) => {
      draft.spec = { hard: { pods } }
    })
  quota('12')
  const { generation } = await deploy(shop, 'payments', 'dev', '4.0.0')
  const problem = problemOf((await follow(shop, 'payments', 'dev', generation)).outcome)
  expect(problem.kind).toBe('quota')
  expect(problem.says).toMatch(
    /payments may not have more pods: the namespace's quota shop-quota is used up \(requested: pods=1, used: pods=12/,
  )
  quota('40')
})

test('no node has room: named at the progress deadline, since a node may yet come', async () => {
  change(
    'search',
    (draft) => {
      draft.spec.progressDeadlineSeconds = 60
      const [container] = draft.spec.template.spec.containers
      if (container) container.resources = { requests: { cpu: '1', memory: '60Gi' } }
    },
    'production',
  )
  const { generation } = await shop.reader.workload({ service: 'search', environment: 'production' })
  const problem = problemOf((await follow(shop, 'search', 'production', generation)).outcome)
  expect(problem.kind).toBe('no-room')
  expect(problem.says).toMatch(/finds no node to run on: 0\/3 nodes are available: 3 Insufficient memory/)
})

test('a paused deployment and a deployment that somebody else changes meanwhile do not keep anybody waiting', async () => {
  change('catalog', (draft) => {
    draft.spec.paused = true
  })
  const { generation } = await deploy(shop, 'catalog', 'staging', '3.0.2')
  expect(problemOf((await follow(shop, 'catalog', 'staging', generation)).outcome).says).toMatch(/catalog is paused/)
  const resumed = change('catalog', (draft) => {
    draft.spec.paused = false
    setImage(draft, 'registry.sandbox.test/shop/catalog:3.1.1')
  })
  const watches = countStrikes('watch')
  const following = follow(shop, 'catalog', 'staging', resumed.metadata.generation ?? 0)
  await expect.poll(watches).toBe(4)
  await rolling('catalog')
  change('catalog', (draft) => {
    setImage(draft, 'registry.sandbox.test/shop/catalog:3.0.0')
  })
  expect(problemOf((await following).outcome).says).toMatch(/changed by somebody else/)
})

test('a deleted deployment ends it, and so does the signal, with its reason; no connection is left open', async () => {
  const { generation } = await deploy(shop, 'orders', 'dev', '2.2.1')
  const watches = countStrikes('watch')
  const stop = new AbortController()
  const stopped = expect(follow(shop, 'orders', 'dev', generation, stop.signal)).rejects.toThrow('enough')
  const deleted = expect(follow(shop, 'orders', 'dev', generation)).rejects.toThrow(UserError)
  await expect.poll(watches).toBeGreaterThanOrEqual(8)
  stop.abort(new Error('enough'))
  await stopped
  shop.sandbox.store.delete('apps/deployments', 'shop-dev', 'orders')
  await deleted
  const aborted = AbortSignal.abort(new Error('before it began'))
  await expect(follow(shop, 'checkout', 'dev', 1, aborted)).rejects.toThrow('before it began')
  // Idle connections are kept for a few seconds; a watch would stay for a minute.
  await expect.poll(shop.proxy.connections).toBe(0)
})

test('watches that break, and versions too old to watch, cost nothing but time', async () => {
  const watches = countStrikes('watch')
  const lists = countStrikes('list')
  const { generation } = await deploy(shop, 'inventory', 'dev', '1.6.1')
  const following = follow(shop, 'inventory', 'dev', generation)
  await expect.poll(watches).toBeGreaterThanOrEqual(4)
  const listedBefore = lists()
  shop.sandbox.store.history.forget(100_000)
  const broken = shop.sandbox.faults.add({ verb: 'watch', errorRate: 1, errorStatus: 503 })
  shop.proxy.cut()
  await expect.poll(watches).toBeGreaterThan(6)
  shop.sandbox.store.history.forget(100_000)
  shop.sandbox.faults.remove(broken)
  expect((await following).outcome.done).toBe(true)
  // Gone versions were not watched again but listed anew.
  expect(lists()).toBeGreaterThan(listedBefore)
})

function setImage(draft: Draft, image: string): void {
  const [container] = draft.spec.template.spec.containers
  if (container) container.image = image
}

/** The controller has begun with the present template. */
const rolling = (service: Service) =>
  expect
    .poll(() => shop.sandbox.store.get('apps/deployments', 'shop-staging', service)?.status?.updatedReplicas, {
      interval: 5,
    })
    .toBe(1)

function countStrikes(verb: string): () => number {
  const strike = vi.spyOn(shop.sandbox.faults, 'strike')
  const before = strike.mock.calls.length
  return () => strike.mock.calls.slice(before).filter(([target]) => target.verb === verb).length
}
