import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { PreconditionError, UpstreamError, UserError } from '../../../core/errors.ts'
import { kubectl, kubectlPath } from '../../_harness/kubectl.ts'
import { deploy, imageOf, openShop, operation, type Shop } from './shop.ts'

let shop: Shop
let folder: string
let kubeconfig: string

beforeAll(async () => {
  shop = await openShop()
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-write-'))
  kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, shop.sandbox.kubeconfig())
})
afterAll(async () => {
  await shop?.close()
  await rm(folder, { recursive: true, force: true })
})

const staging = (service: string) => ({ service, environment: 'staging' })
const stored = (service: string) => {
  const found = shop.sandbox.store.get('apps/deployments', 'shop-staging', service)
  if (!found) throw new Error(`no ${service}`)
  return found
}
const ownFields = (service: string) =>
  stored(service).metadata.managedFields?.find(({ manager }) => manager === 'quarterdeck')?.fieldsV1

const setReplicas = (service: string, from: number, to: number, id: string) =>
  shop.writer.setReplicas(staging(service), {
    replicas: to,
    expectReplicas: from,
    operation: operation(id),
    step: 'set the replicas',
  })

test('only the fields that were set become ours, and earlier ones stay when another is set', async () => {
  await setReplicas('orders', 2, 3, 'one')
  expect(ownFields('orders')).toEqual({
    'f:metadata': {
      'f:annotations': {
        'f:quarterdeck.dev/operation': {},
        'f:quarterdeck.dev/step': {},
        'f:quarterdeck.dev/writes': {},
      },
    },
    'f:spec': { 'f:replicas': {} },
  })
  await deploy(shop, 'orders', 'staging', '2.1.2')
  const orders = stored('orders')
  expect(orders.spec.replicas).toBe(3)
  expect(orders.spec.template.spec.containers[0]?.image).toBe(imageOf('orders', '2.1.2'))
  expect(orders.spec.template.spec.containers[0]?.env).toHaveLength(2)
  expect(ownFields('orders')).toMatchObject({
    'f:spec': {
      'f:replicas': {},
      'f:template': {
        'f:spec': { 'f:containers': { 'k:{"name":"orders"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
      },
    },
  })
  expect(JSON.stringify(ownFields('orders'))).not.toContain('f:env')
})

test('a field that somebody else took over is not claimed back by the next write', async () => {
  await setReplicas('catalog', 2, 3, 'two')
  shop.sandbox.store.modify(
    'apps/deployments',
    'shop-staging',
    'catalog',
    (draft) => {
      draft.spec.replicas = 5
    },
    { fieldManager: 'kubectl-edit' },
  )
  await deploy(shop, 'catalog', 'staging', '3.0.2')
  expect(stored('catalog').spec.replicas).toBe(5)
  expect(JSON.stringify(ownFields('catalog'))).not.toContain('f:replicas')
})

test('the same write of the same step is done once and counts as done again', async () => {
  const before = await shop.reader.workload(staging('inventory'))
  const change = {
    image: imageOf('inventory', '1.5.2'),
    version: '1.5.2',
    expectImage: before.image,
    operation: operation('repeat'),
    step: 'set the image',
  }
  const first = await shop.writer.setImage(staging('inventory'), change)
  const second = await shop.writer.setImage(staging('inventory'), change)
  expect(first.generation).toBe(before.generation + 1)
  expect(second.generation).toBe(first.generation)
  expect((await shop.reader.workload(staging('inventory'))).lastOperation).toBe('op-repeat')
})

test('a changed field refuses the write and says from, to and what is there', async () => {
  const before = stored('payments').metadata.resourceVersion
  const refused = shop.writer.setImage(staging('payments'), {
    image: imageOf('payments', '4.0.2'),
    version: '4.0.2',
    expectImage: imageOf('payments', '4.0.0'),
    operation: operation('three'),
    step: 'set the image',
  })
  await expect(refused).rejects.toThrow(PreconditionError)
  await expect(refused).rejects.toThrow(
    /from .*payments:4\.0\.0 to .*payments:4\.0\.2, but is .*payments:4\.0\.1 now\. Nothing was changed\./,
  )
  expect(stored('payments').metadata.resourceVersion).toBe(before)
})

test('a late write of a step that already ran and was taken back is refused', async () => {
  const { image } = await shop.reader.workload(staging('cart'))
  const forward = {
    image: imageOf('cart', '1.8.2'),
    version: '1.8.2',
    expectImage: image,
    operation: operation('late'),
    step: 'set the image',
  }
  await shop.writer.setImage(staging('cart'), forward)
  await shop.writer.setImage(staging('cart'), {
    image,
    version: '1.8.1',
    expectImage: forward.image,
    operation: operation('late'),
    step: 'put the image back',
  })
  // The image is what the first write expects; a worker that slept through all this must still not write.
  const late = shop.writer.setImage(staging('cart'), forward)
  await expect(late).rejects.toThrow(PreconditionError)
  await expect(late).rejects.toThrow(/already set the image of cart in staging.*since then/)
  expect(stored('cart').spec.template.spec.containers[0]?.image).toBe(image)
})

test('a write between our read and ours is refused when it changed the field, and harmless when it did not', async () => {
  const conflict = { verb: 'patch', resource: 'apps/deployments', conflictOnce: true }
  shop.sandbox.faults.add(conflict)
  const written = await setReplicas('checkout', 2, 3, 'four')
  expect(written.generation).toBe(stored('checkout').metadata.generation)

  const slow = shop.sandbox.faults.add({ verb: 'patch', resource: 'apps/deployments', latencyMs: 300 })
  const strikes = vi.spyOn(shop.sandbox.faults, 'strike')
  const racing = setReplicas('checkout', 3, 4, 'five')
  const outcome = expect(racing).rejects.toThrow(/should go from 3 to 4, but is 7 now/)
  // Our read is over and our write on its way: now somebody else is faster.
  const patches = () => strikes.mock.calls.filter(([{ verb }]) => verb === 'patch').length
  await expect.poll(patches).toBe(1)
  shop.sandbox.store.modify('apps/deployments', 'shop-staging', 'checkout', (draft) => {
    draft.spec.replicas = 7
  })
  await outcome
  shop.sandbox.faults.remove(slow)
  expect(stored('checkout').spec.replicas).toBe(7)
})

test('a write that is on its way when its step is called off is refused; one that has happened stands', async () => {
  const { generation = 0 } = stored('web').metadata
  const off = (id: string) =>
    shop.writer.callOff(staging('web'), { operation: operation(id), step: 'set the replicas' })
  const slow = shop.sandbox.faults.add({ verb: 'patch', resource: 'apps/deployments', latencyMs: 1_000 })
  const strikes = vi.spyOn(shop.sandbox.faults, 'strike')
  const outcome = expect(setReplicas('web', 2, 3, 'late-one')).rejects.toThrow(/called off before it set the number/)
  await expect.poll(() => strikes.mock.calls.filter(([{ verb }]) => verb === 'patch').length).toBe(1)
  shop.sandbox.faults.remove(slow)
  await off('late-one')
  await off('late-one')
  await outcome
  strikes.mockRestore()
  expect(stored('web').spec.replicas).toBe(2)
  expect(stored('web').metadata.generation).toBe(generation)

  await setReplicas('web', 2, 3, 'early')
  await off('early')
  expect(await setReplicas('web', 2, 3, 'early')).toMatchObject({ generation: generation + 1 })
  await setReplicas('web', 3, 2, 'back')
})

test('two writers at once: one wins, the other is told what it found', async () => {
  const results = await Promise.allSettled([setReplicas('search', 2, 3, 'six'), setReplicas('search', 2, 4, 'seven')])
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const lost = results.find((result) => result.status === 'rejected')
  expect(lost?.reason).toBeInstanceOf(PreconditionError)
})

test('what Argo CD, Flux and Helm own is refused by name; a restart is not theirs to undo', async () => {
  await expect(setReplicas('shipping', 1, 2, 'eight')).rejects.toThrow(
    /not ours to change.*Argo CD application shipping-staging/,
  )
  await expect(setReplicas('accounts', 2, 3, 'nine')).rejects.toThrow(/Flux Kustomization accounts-staging/)
  await expect(setReplicas('recommendations', 1, 2, 'ten')).rejects.toThrow(
    /Helm release recommendations.*helm upgrade/,
  )
  const at = '2026-11-21T10:00:00Z'
  const restart = { at, expectRestartedAt: undefined, operation: operation('eleven'), step: 'restart' }
  await shop.writer.restart(staging('shipping'), restart)
  expect((await shop.reader.workload(staging('shipping'))).restartedAt).toBe(at)
  await expect(
    shop.writer.restart(staging('shipping'), { ...restart, operation: operation('twelve') }),
  ).rejects.toThrow(/but is 2026-11-21T10:00:00Z now/)
})

test('a value that the cluster does not accept comes back in its words, and nothing is changed', async () => {
  const refused = setReplicas('web', 2, -5, 'thirteen')
  await expect(refused).rejects.toThrow(UserError)
  await expect(refused).rejects.toThrow(/does not accept -5 for the number of replicas of web.*Nothing was changed/)
})

test('an outage before the write says that nothing was changed; one after it says that nobody knows', async () => {
  const dead = shop.sandbox.faults.add({ resource: 'apps/deployments', errorRate: 1, errorStatus: 503 })
  const before = setReplicas('web', 2, 3, 'fourteen')
  await expect(before).rejects.toThrow(UpstreamError)
  await expect(before).rejects.toThrow(/does not answer .*Nothing was changed\.$/)
  shop.sandbox.faults.remove(dead)
  await expect.poll(() => shop.reader.health('staging')).toMatchObject({ ok: true })

  const halfDead = shop.sandbox.faults.add({ verb: 'patch', errorRate: 1, errorStatus: 504 })
  const after = setReplicas('web', 2, 3, 'fifteen')
  await expect(after).rejects.toThrow(/not known: look at it before you try again/)
  shop.sandbox.faults.remove(halfDead)
})

test.skipIf(!kubectlPath())(
  'kubectl tells the same story: history with the cause, fields with their owner',
  async () => {
    await deploy(shop, 'web', 'dev', '3.2.1')
    const history = await kubectl(kubeconfig, ['rollout', 'history', 'deployment/web', '-n', 'shop-dev'])
    expect(history).toMatch(/web 3\.2\.1 by Quarterdeck \(op-deploy\d+\)/)
    const yaml = await kubectl(kubeconfig, [
      'get',
      'deployment',
      'web',
      '-n',
      'shop-dev',
      '-o',
      'yaml',
      '--show-managed-fields',
    ])
    expect(yaml).toContain('manager: quarterdeck')
    // Back by kubectl: our version note no longer speaks of the image that runs, and is not believed.
    await kubectl(kubeconfig, ['set', 'image', 'deployment/web', `web=${imageOf('web', '3.2.2')}`, '-n', 'shop-dev'])
    expect((await shop.reader.workload({ service: 'web', environment: 'dev' })).version).toBe('3.2.2')
  },
)
