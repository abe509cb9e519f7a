import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BareServer, deployment, startBareServer } from './bare-server.ts'

let server: BareServer
beforeAll(async () => {
  server = await startBareServer()
})
afterAll(() => server.close())

const deployments = '/apis/apps/v1/namespaces/shop/deployments'
const merge = { 'Content-Type': 'application/merge-patch+json' }

describe('deletion', () => {
  it('waits for finalizers and ends when the last one goes', async () => {
    const held = { ...deployment('finalized'), metadata: { name: 'finalized', finalizers: ['example.test/wait'] } }
    await server.call('POST', deployments, held)
    const marked = await server.call('DELETE', `${deployments}/finalized`)
    expect(marked.body.metadata.deletionTimestamp).toBeDefined()
    expect((await server.call('GET', `${deployments}/finalized`)).code).toBe(200)
    await server.call('PATCH', `${deployments}/finalized`, { metadata: { finalizers: null } }, merge)
    expect((await server.call('GET', `${deployments}/finalized`)).code).toBe(404)
  })

  it('gives a pod on a node its grace period, and none when asked for none', async () => {
    const pods = '/api/v1/namespaces/shop/pods'
    const pod = { metadata: { name: 'p' }, spec: { nodeName: 'n1', containers: [{ name: 'a', image: 'x:1' }] } }
    await server.call('POST', pods, pod)
    const graceful = await server.call('DELETE', `${pods}/p`)
    expect(graceful.body.metadata.deletionGracePeriodSeconds).toBe(30)
    expect((await server.call('GET', `${pods}/p`)).code).toBe(200)
    await server.call('DELETE', `${pods}/p`, { gracePeriodSeconds: 0 })
    expect((await server.call('GET', `${pods}/p`)).code).toBe(404)
  })

  it('evicts within the disruption budget only', async () => {
    const pods = '/api/v1/namespaces/shop/pods'
    for (const name of ['e1', 'e2']) {
      server.store.create('pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'shop', labels: { app: 'e' } },
        spec: { containers: [{ name: 'a', image: 'x:1' }] },
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      })
    }
    const budget = { metadata: { name: 'e' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'e' } } } }
    await server.call('POST', '/apis/policy/v1/namespaces/shop/poddisruptionbudgets', budget)
    expect((await server.call('POST', `${pods}/e1/eviction`, { metadata: { name: 'e1' } })).code).toBe(201)
    const refused = await server.call('POST', `${pods}/e2/eviction`, { metadata: { name: 'e2' } })
    expect(refused.code).toBe(429)
    expect(refused.body.message).toBe("Cannot evict pod as it would violate the pod's disruption budget.")
    // With it, a client would wait and try again by itself, and nobody who drains a node would be told why it takes so long.
    expect(refused.headers.get('retry-after')).toBeNull()
  })

  it('counts no pod that is leaving for the disruption budget, and keeps one that does not work while too few do', async () => {
    const pods = '/api/v1/namespaces/shop/pods'
    const put = (name: string, status: 'True' | 'False') =>
      server.store.create('pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'shop', labels: { app: 'f' }, finalizers: ['example.com/stays'] },
        spec: { containers: [{ name: 'a', image: 'x:1' }] },
        status: { phase: 'Running', conditions: [{ type: 'Ready', status }] },
      })
    for (const name of ['f1', 'f2', 'f3']) put(name, 'True')
    put('f4', 'False')
    const budget = { metadata: { name: 'f' }, spec: { minAvailable: 2, selector: { matchLabels: { app: 'f' } } } }
    await server.call('POST', '/apis/policy/v1/namespaces/shop/poddisruptionbudgets', budget)
    const evict = async (name: string) =>
      (await server.call('POST', `${pods}/${name}/eviction`, { metadata: { name } })).code
    expect(await evict('f1')).toBe(201)
    expect(server.store.get('pods', 'shop', 'f1')?.metadata.deletionTimestamp).toBeDefined()
    expect(await evict('f2')).toBe(429)
    expect(await evict('f4')).toBe(201)
    await server.call('DELETE', `${pods}/f2`)
    put('f5', 'False')
    expect(await evict('f5')).toBe(429)
  })
})
