import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BareServer, deployment, type Reply, startBareServer } from './bare-server.ts'

let server: BareServer
beforeAll(async () => {
  server = await startBareServer()
})
afterAll(() => server.close())

const path = (name: string) => `/apis/apps/v1/namespaces/shop/deployments/${name}`

function apply(name: string, manager: string, body: unknown, query = ''): Promise<Reply> {
  const headers = { 'Content-Type': 'application/apply-patch+yaml' }
  return server.call('PATCH', `${path(name)}?fieldManager=${manager}${query}`, body, headers)
}

const identity = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name } })

describe('server-side apply', () => {
  it('creates with the manager owning only what it named, not the defaults', async () => {
    const { code, body } = await apply('fresh', 'ci', { ...deployment('fresh'), metadata: { name: 'fresh' } })
    expect(code).toBe(201)
    expect(body.spec.replicas).toBe(1)
    expect(body.metadata.managedFields).toHaveLength(1)
    const [entry] = body.metadata.managedFields
    expect(entry).toMatchObject({ manager: 'ci', operation: 'Apply', apiVersion: 'apps/v1', fieldsType: 'FieldsV1' })
    expect(entry.fieldsV1['f:spec']).not.toHaveProperty('f:replicas')
    expect(entry.fieldsV1['f:spec']['f:template']['f:spec']['f:containers']).toEqual({
      'k:{"name":"app"}': {
        '.': {},
        'f:image': {},
        'f:name': {},
        'f:ports': { 'k:{"containerPort":8080,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
      },
    })
  })

  it('refuses to change what another manager holds, with a cause per field, and takes it with force', async () => {
    server.store.create('apps/deployments', { ...deployment('held', { replicas: 2 }) } as never, {
      fieldManager: 'shop-setup',
    })
    const wanted = {
      ...identity('held'),
      spec: { replicas: 5, template: { spec: { containers: [{ name: 'app', image: 'registry.test/app:2.0.0' }] } } },
    }
    const refused = await apply('held', 'quarterdeck', wanted)
    expect(refused.code).toBe(409)
    expect(refused.body.reason).toBe('Conflict')
    expect(refused.body.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "shop-setup" using apps/v1:\n- .spec.replicas\n- .spec.template.spec.containers[name="app"].image',
    )
    expect(refused.body.details.causes[0]).toEqual({
      reason: 'FieldManagerConflict',
      message: 'conflict with "shop-setup" using apps/v1',
      field: '.spec.replicas',
    })
    const one = await apply('held', 'quarterdeck', { ...identity('held'), spec: { replicas: 5 } })
    expect(one.body.message).toBe(
      'Apply failed with 1 conflict: conflict with "shop-setup" using apps/v1: .spec.replicas',
    )
    const forced = await apply('held', 'quarterdeck', wanted, '&force=true')
    expect(forced.code).toBe(200)
    expect(forced.body.spec.replicas).toBe(5)
    expect(forced.body.metadata.generation).toBe(2)
    const old = forced.body.metadata.managedFields.find((entry: { manager: string }) => entry.manager === 'shop-setup')
    expect(old.fieldsV1['f:spec']).not.toHaveProperty('f:replicas')
    expect(old.fieldsV1['f:spec']).toHaveProperty('f:strategy')
  })

  it('lets two managers own one equal value, and keeps it until the last one lets go', async () => {
    const labels = (value: string | undefined) => ({
      ...identity('shared'),
      metadata: { name: 'shared', ...(value ? { labels: { team: value } } : {}) },
    })
    const full = deployment('shared')
    await apply('shared', 'first', { ...full, metadata: { name: 'shared', labels: { team: 'shop' } } })
    expect((await apply('shared', 'second', labels('shop'))).code).toBe(200)
    const afterFirst = await apply('shared', 'first', { ...full, metadata: { name: 'shared' } })
    expect(afterFirst.body.metadata.labels).toEqual({ team: 'shop' })
    const afterSecond = await apply('shared', 'second', labels(undefined))
    expect(afterSecond.body.metadata.labels).toBeUndefined()
    const managers = afterSecond.body.metadata.managedFields.map((entry: { manager: string }) => entry.manager)
    expect(managers).toEqual(['first'])
  })

  it('removes list items and map entries that the manager stops naming, and only those', async () => {
    const container = (env: object[]) => ({ name: 'app', image: 'registry.test/app:1.0.0', env })
    const body = (env: object[]) => ({
      ...identity('lists'),
      spec: {
        selector: { matchLabels: { app: 'lists' } },
        template: { metadata: { labels: { app: 'lists' } }, spec: { containers: [container(env)] } },
      },
    })
    await apply(
      'lists',
      'ci',
      body([
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ]),
    )
    await server.call(
      'PATCH',
      `${path('lists')}?fieldManager=kubectl-set`,
      { spec: { template: { spec: { containers: [{ name: 'app', env: [{ name: 'C', value: '3' }] }] } } } },
      { 'Content-Type': 'application/strategic-merge-patch+json' },
    )
    const { body: after } = await apply('lists', 'ci', body([{ name: 'B', value: '2' }]))
    expect(after.spec.template.spec.containers[0].env).toEqual([
      { name: 'B', value: '2' },
      { name: 'C', value: '3' },
    ])
  })

  it('gives a field that nobody holds any more its default back', async () => {
    await apply('default-back', 'ci', {
      ...deployment('default-back', { replicas: 4 }),
      metadata: { name: 'default-back' },
    })
    const { body } = await apply('default-back', 'ci', {
      ...deployment('default-back'),
      metadata: { name: 'default-back' },
    })
    expect(body.spec.replicas).toBe(1)
  })

  it('hands replicas over to whoever scales', async () => {
    await apply('scaled', 'ci', { ...deployment('scaled', { replicas: 2 }), metadata: { name: 'scaled' } })
    const scale = { spec: { replicas: 6 } }
    const headers = { 'Content-Type': 'application/merge-patch+json', 'User-Agent': 'kubectl/v1.35.2 (linux/amd64)' }
    const { body } = await server.call('PATCH', `${path('scaled')}/scale`, scale, headers)
    expect(body).toMatchObject({ kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 6 } })
    const refused = await apply('scaled', 'ci', {
      ...deployment('scaled', { replicas: 2 }),
      metadata: { name: 'scaled' },
    })
    expect(refused.body.message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
    )
  })

  it('stores nothing on a dry run and nothing new when nothing changes', async () => {
    const body = { ...deployment('quiet'), metadata: { name: 'quiet' } }
    expect((await apply('quiet', 'ci', body, '&dryRun=All')).code).toBe(201)
    expect((await server.call('GET', path('quiet'))).code).toBe(404)
    const first = await apply('quiet', 'ci', body)
    const second = await apply('quiet', 'ci', body)
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion)
  })

  it('insists on a manager and takes no managedFields from the client', async () => {
    const headers = { 'Content-Type': 'application/apply-patch+yaml' }
    const nameless = await server.call('PATCH', path('quiet'), identity('quiet'), headers)
    expect(nameless.code).toBe(422)
    expect(nameless.body.message).toContain('fieldManager: Required value')
    const smuggled = { ...identity('quiet'), metadata: { name: 'quiet', managedFields: [{ manager: 'x' }] } }
    expect((await apply('quiet', 'ci', smuggled)).body.message).toBe('metadata.managedFields must be nil')
  })

  it('refuses a stale resourceVersion even with force', async () => {
    const body = { ...identity('quiet'), metadata: { name: 'quiet', resourceVersion: '1' }, spec: { replicas: 9 } }
    const { code, body: status } = await apply('quiet', 'ci', body, '&force=true')
    expect(code).toBe(409)
    expect(status.message).toContain('the object has been modified; please apply your changes to the latest version')
  })

  it('keeps what a custom resource has, map by map, with lists as a whole', async () => {
    const custom = '/apis/argoproj.io/v1alpha1/namespaces/shop/applications/cart'
    const send = (manager: string, spec: object) =>
      server.call(
        'PATCH',
        `${custom}?fieldManager=${manager}`,
        { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'cart' }, spec },
        { 'Content-Type': 'application/apply-patch+yaml' },
      )
    expect((await send('argo', { source: { path: 'cart' }, ignore: ['a'] })).code).toBe(201)
    expect((await send('person', { source: { revision: 'main' } })).body.spec.source).toEqual({
      path: 'cart',
      revision: 'main',
    })
    expect((await send('person', { ignore: ['b'] })).body.message).toContain('.spec.ignore')
  })
})
