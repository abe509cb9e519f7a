import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { deploy, follow, openShop, operation, type Shop } from './shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop?.close())

const Role = z.object({
  kind: z.literal('ClusterRole'),
  rules: z.array(
    z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) }),
  ),
})

/** Every right in deploy/rbac.yaml as `verb group/resource`. */
function granted(): string[] {
  const text = readFileSync(new URL('../../../deploy/rbac.yaml', import.meta.url), 'utf8')
  const role = parseAllDocuments(text)
    .map((document) => Role.safeParse(document.toJS()))
    .find(({ success }) => success)?.data
  return (role?.rules ?? []).flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group ? `${group}/` : ''}${resource}`)),
    ),
  )
}

test('the role grants what the client asks of a cluster, and nothing else', async () => {
  const strike = vi.spyOn(shop.sandbox.faults, 'strike')
  const ref = { service: 'cart', environment: 'staging' }
  await shop.reader.health('staging')
  await shop.reader.workloads('staging')
  await shop.learnServices('staging')
  // A version that fails, so that its logs and events are read as well.
  const { generation } = await deploy(shop, 'cart', 'staging', '1.9.0')
  await follow(shop, 'cart', 'staging', generation)
  await shop.reader.workload(ref)
  await shop.reader.revisions(ref)
  await shop.reader.events(ref)
  await shop.reader.logs(ref, { maxLines: 10 })
  const { replicas } = await shop.reader.workload(ref)
  const step = { operation: operation('rbac'), step: 'one' }
  await shop.writer.setReplicas(ref, { replicas: 3, expectReplicas: replicas.desired, ...step })
  await shop.writer.restart(ref, { at: '2026-01-01T00:00:00Z', expectRestartedAt: undefined, ...step, step: 'two' })
  // The sandbox does not tell a pod from its log here; the client reads no single pod, only logs.
  const right = (verb: string, resource = '') =>
    `${verb} ${verb === 'get' && resource === 'pods' ? 'pods/log' : resource}`
  const used = strike.mock.calls.map(([{ verb, resource }]) => right(verb, resource))
  expect([...new Set(used)].toSorted()).toEqual(granted().toSorted())
})
