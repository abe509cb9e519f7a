import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Deployment, Pod } from '../../../sandbox/store/kinds.ts'
import { type BareServer, deployment, startBareServer } from './bare-server.ts'

const now = new Date('2026-11-20T12:00:00Z')
let server: BareServer
beforeAll(async () => {
  server = await startBareServer({ now: () => now })
})
afterAll(() => server.close())

const asTable = { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }

describe('tables', () => {
  it('prints deployments with their real columns, wide ones at priority 1', async () => {
    const made = server.store.create('apps/deployments', deployment('web', { replicas: 3 }) as Deployment)
    const status = { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 }
    server.store.update('apps/deployments', { ...made, status }, { subresource: 'status' })
    const { body } = await server.call('GET', '/apis/apps/v1/deployments', undefined, asTable)
    expect(body.kind).toBe('Table')
    const columns = body.columnDefinitions.map(
      (column: { name: string; priority: number }) => `${column.name}${column.priority ? '*' : ''}`,
    )
    expect(columns).toEqual(['Name', 'Ready', 'Up-to-date', 'Available', 'Age', 'Containers*', 'Images*', 'Selector*'])
    expect(body.rows[0].cells).toEqual(['web', '2/3', 3, 2, '0s', 'app', 'registry.test/app:1.0.0', 'app=web'])
    expect(body.rows[0].object.kind).toBe('PartialObjectMetadata')
  })

  it('tells what is wrong with a pod in one word, and when it last restarted', async () => {
    const pod = (name: string, status: Pod['status']): Pod => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop' },
      spec: { nodeName: 'node-1', containers: [{ name: 'app', image: 'x:1' }] },
      status,
    })
    const container = { name: 'app', image: 'x:1', imageID: '', ready: false, restartCount: 4 }
    const lastState = { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-11-20T11:57:00Z' } }
    server.store.create(
      'pods',
      pod('crash', {
        phase: 'Running',
        containerStatuses: [{ ...container, lastState, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
      }),
    )
    server.store.create(
      'pods',
      pod('fine', {
        phase: 'Running',
        podIP: '10.0.0.1',
        containerStatuses: [{ ...container, ready: true, restartCount: 0, state: { running: {} } }],
      }),
    )
    server.store.create(
      'pods',
      pod('over', {
        phase: 'Failed',
        containerStatuses: [{ ...container, restartCount: 0, state: { terminated: { exitCode: 3 } } }],
      }),
    )
    server.store.create(
      'pods',
      pod('starting', {
        phase: 'Pending',
        containerStatuses: [{ ...container, restartCount: 0, state: { waiting: { reason: 'ContainerCreating' } } }],
      }),
    )
    server.store.create('pods', pod('stopping', { phase: 'Running' }))
    server.store.delete('pods', 'shop', 'stopping')
    const { body } = await server.call('GET', '/api/v1/namespaces/shop/pods', undefined, asTable)
    const rows = body.rows.map((row: { cells: unknown[] }) => row.cells.slice(0, 4).join(' '))
    expect(rows).toEqual([
      'crash 0/1 CrashLoopBackOff 4 (3m ago)',
      'fine 1/1 Running 0',
      'over 0/1 ExitCode:3 0',
      'starting 0/1 ContainerCreating 0',
      'stopping 0/1 Terminating 0',
    ])
  })
})

describe('discovery and documents', () => {
  it('lists resources in the plain and in the aggregated form', async () => {
    const plain = await server.call('GET', '/apis/apps/v1')
    const scale = plain.body.resources.find((resource: { name: string }) => resource.name === 'deployments/scale')
    expect(scale).toMatchObject({ group: 'autoscaling', version: 'v1', kind: 'Scale' })
    const accept = { Accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' }
    const all = await server.call('GET', '/apis', undefined, accept)
    expect(all.headers.get('content-type')).toContain('as=APIGroupDiscoveryList')
    const apps = all.body.items.find((item: { metadata: { name?: string } }) => item.metadata.name === 'apps')
    const found = apps.versions[0].resources.find(
      (resource: { resource: string }) => resource.resource === 'deployments',
    )
    expect(found).toMatchObject({ scope: 'Namespaced', shortNames: ['deploy'], responseKind: { kind: 'Deployment' } })
    expect((await server.call('GET', '/version')).body.gitVersion).toBe('v1.35.0')
  })

  it('serves OpenAPI 3 documents that carry the merge keys', async () => {
    const index = await server.call('GET', '/openapi/v3')
    const { body } = await server.call('GET', index.body.paths['apis/apps/v1'].serverRelativeURL)
    const containers = body.components.schemas['io.k8s.sandbox.PodSpec'].properties.containers
    expect(containers).toMatchObject({ 'x-kubernetes-patch-merge-key': 'name', 'x-kubernetes-list-map-keys': ['name'] })
    expect(body.components.schemas['io.k8s.sandbox.Deployment']['x-kubernetes-group-version-kind'][0].kind).toBe(
      'Deployment',
    )
  })

  it('writes YAML when asked and refuses formats it cannot write', async () => {
    const yaml = await server.call('GET', '/api/v1/namespaces/shop', undefined, { Accept: 'application/yaml' })
    expect(yaml.body).toContain('kind: Namespace')
    const binary = await server.call('GET', '/api/v1/namespaces/shop', undefined, {
      Accept: 'application/vnd.kubernetes.protobuf',
    })
    expect([binary.code, binary.body.reason]).toEqual([406, 'NotAcceptable'])
  })

  it('answers who may do what', async () => {
    const spec = { resourceAttributes: { verb: 'create', resource: 'pods' } }
    const { code, body } = await server.call('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec })
    expect([code, body.status.allowed, body.spec]).toEqual([201, true, spec])
  })
})

describe('faults', () => {
  it('strike where they were aimed, and nowhere else', async () => {
    const pods = '/api/v1/namespaces/shop/pods'
    const id = server.faults.add({ verb: 'list', resource: 'pods', errorRate: 1, errorStatus: 503 })
    expect((await server.call('GET', pods)).body.reason).toBe('ServiceUnavailable')
    expect((await server.call('GET', '/api/v1/namespaces')).code).toBe(200)
    expect(server.faults.list()).toHaveLength(1)
    expect(server.faults.remove(id)).toBe(true)
    expect((await server.call('GET', pods)).code).toBe(200)
  })

  it('refuse one write as a conflict and are over', async () => {
    server.faults.add({ resource: 'apps/deployments', conflictOnce: true })
    const patch = () =>
      server.call(
        'PATCH',
        '/apis/apps/v1/namespaces/shop/deployments/web',
        { spec: { replicas: 4 } },
        { 'Content-Type': 'application/merge-patch+json' },
      )
    expect((await server.call('GET', '/apis/apps/v1/namespaces/shop/deployments/web')).code).toBe(200)
    expect((await patch()).code).toBe(409)
    expect((await patch()).code).toBe(200)
  })

  it('swallow a request without an answer', async () => {
    server.faults.add({ namespace: 'shop', blackhole: true })
    const request = fetch(`${server.url}/api/v1/namespaces/shop/pods`, { signal: AbortSignal.timeout(200) })
    await expect(request).rejects.toThrow(/timeout/)
    server.faults.clear()
  })
})

describe('the token', () => {
  it('is not asked for unless one was set; then a wrong one and none are 401', async () => {
    const guarded = await startBareServer({ token: 'right' })
    const ask = (headers: Record<string, string>) => guarded.call('GET', '/api/v1/namespaces', undefined, headers)
    expect((await ask({ Authorization: 'Bearer right' })).code).toBe(200)
    const wrong = await ask({ Authorization: 'Bearer wrong' })
    expect([wrong.code, wrong.body.kind, wrong.body.reason]).toEqual([401, 'Status', 'Unauthorized'])
    expect((await ask({})).code).toBe(401)
    expect((await guarded.call('GET', '/healthz')).body).toBe('ok')
    await guarded.close()
  })
})
