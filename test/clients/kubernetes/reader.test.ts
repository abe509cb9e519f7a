import { afterAll, beforeAll, expect, test } from 'vitest'
import { UpstreamError, UserError } from '../../../core/errors.ts'
import { deploy, follow, openShop, type Shop, shopCatalog } from './shop.ts'

let shop: Shop
beforeAll(async () => {
  const catalog = shopCatalog([
    { name: 'checkout' },
    { name: 'shopfront', workload: 'web' },
    { name: 'basket', workload: 'cart', container: 'sidecar' },
  ])
  shop = await openShop({}, { catalog: () => catalog })
})
afterAll(() => shop?.close())

test('a workload by its catalog name, with what runs', async () => {
  expect(await shop.reader.workload({ service: 'shopfront', environment: 'production' })).toMatchObject({
    ref: { service: 'shopfront', environment: 'production' },
    cluster: 'sandbox',
    namespace: 'shop-production',
    name: 'web',
    container: 'web',
    image: 'registry.sandbox.test/shop/web:3.2.1',
    version: '3.2.1',
    paused: false,
    problems: [],
    autoscaler: { name: 'web', min: 4, max: 12 },
  })
})

test('everything in an environment, each with its owner', async () => {
  const workloads = await shop.reader.workloads('staging')
  const owners = Object.fromEntries(workloads.map(({ name, owner }) => [name, owner && `${owner.tool} ${owner.name}`]))
  expect(owners).toMatchObject({
    checkout: undefined,
    shipping: 'argocd shipping-staging',
    accounts: 'flux accounts-staging',
    recommendations: 'helm recommendations',
  })
  expect(workloads.filter(({ owner }) => owner?.reverts)).toHaveLength(4)
  // The catalog misnames this one's container: it must not hide the others.
  expect(workloads.find(({ name }) => name === 'cart')).toMatchObject({ ref: { service: 'basket' }, container: 'cart' })
  await expect(shop.reader.workload({ service: 'basket', environment: 'staging' })).rejects.toThrow(
    'The catalog says that basket runs in the container "sidecar", but the deployment "cart" in staging has: cart.',
  )
})

test('what is not there is named', async () => {
  const missing = shop.reader.workload({ service: 'chekout', environment: 'staging' })
  await expect(missing).rejects.toThrow(UserError)
  await expect(missing).rejects.toThrow(
    'chekout does not run in staging: there is no deployment "chekout" in the namespace shop-staging of the cluster "sandbox".',
  )
  await expect(shop.reader.workload({ service: 'checkout', environment: 'prod' })).rejects.toThrow(
    'There is no environment "prod". There is: dev, staging, production.',
  )
})

test('services are learned from what runs', async () => {
  const learned = await shop.learnServices('staging')
  expect(learned).toHaveLength(12)
  expect(learned).toContainEqual({
    name: 'orders',
    environment: 'staging',
    namespace: 'shop-staging',
    workload: 'orders',
    repository: 'registry.sandbox.test/shop/orders',
  })
})

test('revisions newest first, with the operation that made them', async () => {
  const { generation } = await deploy(shop, 'checkout', 'staging', '1.4.2')
  expect((await follow(shop, 'checkout', 'staging', generation)).outcome.done).toBe(true)
  const revisions = await shop.reader.revisions({ service: 'checkout', environment: 'staging' })
  expect(revisions.map(({ version, active }) => `${version} ${active}`)).toEqual([
    '1.4.2 true',
    ...revisions.slice(1).map(({ version }) => `${version} false`),
  ])
  expect(revisions[0]?.operation).toMatch(/^op-deploy/)
  expect(revisions[1]).not.toHaveProperty('operation')
  const revision = (await shop.reader.workload({ service: 'checkout', environment: 'staging' })).revision
  expect(revisions[0]?.revision).toBe(revision)
})

test('logs of all pods in order of time, searched, cut and said so', async () => {
  const ref = { service: 'checkout', environment: 'production' }
  await expect.poll(async () => (await shop.reader.logs(ref, { maxLines: 200 })).lines.length).toBeGreaterThan(20)
  const { lines, truncated } = await shop.reader.logs(ref, { maxLines: 10 })
  expect(lines).toHaveLength(10)
  expect(truncated).toBe(true)
  expect(lines.map(({ at }) => at)).toEqual(lines.map(({ at }) => at).toSorted())
  expect(new Set((await shop.reader.logs(ref, { maxLines: 200 })).lines.map(({ pod }) => pod)).size).toBe(4)

  const found = await shop.reader.logs(ref, { maxLines: 500, contains: '"METHOD":"get"' })
  expect(found.lines.length).toBeGreaterThan(0)
  expect(found.lines.every(({ text }) => text.includes('"method":"GET"'))).toBe(true)
  expect((await shop.reader.logs(ref, { maxLines: 10, contains: 'no such words' })).lines).toEqual([])

  const newest = Date.parse(lines.at(-1)?.at ?? '')
  const recent = await shop.reader.logs(ref, { maxLines: 1000, sinceMs: 20_000 })
  const oldest = Date.parse(recent.lines[0]?.at ?? '')
  expect(oldest).toBeGreaterThan(newest - 60_000)
  // Nothing has crashed here: there is no earlier life to read.
  expect((await shop.reader.logs(ref, { maxLines: 10, previous: true })).lines).toEqual([])
})

test("the logs of a crashed container's earlier life", async () => {
  const { generation } = await deploy(shop, 'payments', 'dev', '4.1.0')
  await follow(shop, 'payments', 'dev', generation)
  const ref = { service: 'payments', environment: 'dev' }
  const { lines } = await shop.reader.logs(ref, { maxLines: 50, previous: true })
  expect(lines.map(({ text }) => text)).toContain('fatal: required setting PAYMENT_PROVIDER_URL is not set')
  const events = await shop.reader.events(ref)
  expect(events.every(({ object }) => /^(?:deployment|replicaset|pod)\/payments/.test(object))).toBe(true)
  expect(events).toContainEqual(expect.objectContaining({ type: 'Warning', reason: 'BackOff' }))
  expect(events.map(({ at }) => Date.parse(at))).toEqual(
    events.map(({ at }) => Date.parse(at)).toSorted((a, b) => a - b),
  )
})

test('a cluster that is down is told in words, and comes back by itself', async () => {
  const ref = { service: 'checkout', environment: 'staging' }
  expect(await shop.reader.health('staging')).toMatchObject({ ok: true })
  const dead = shop.sandbox.faults.add({ errorRate: 1, errorStatus: 503 })
  await expect(shop.reader.workload(ref)).rejects.toThrow(UpstreamError)
  expect(await shop.reader.health('staging')).toMatchObject({
    ok: false,
    says: expect.stringContaining('does not answer'),
  })
  shop.sandbox.faults.remove(dead)
  await expect.poll(() => shop.reader.health('staging')).toMatchObject({ ok: true })
  expect((await shop.reader.workload(ref)).name).toBe('checkout')
})

test('an address where nobody listens', async () => {
  const alone = await openShop()
  await alone.sandbox.close()
  await alone.proxy.close()
  await expect(alone.reader.workload({ service: 'checkout', environment: 'staging' })).rejects.toThrow(
    'The cluster "sandbox" does not answer (connection refused).',
  )
  expect(await alone.reader.health('staging')).toMatchObject({ ok: false })
})
