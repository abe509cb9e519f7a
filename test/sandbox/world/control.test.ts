import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createControlHandler } from '../../../sandbox/control/handler.ts'
import { recallWorld } from '../../../sandbox/world/memory.ts'
import { serve } from '../serve.ts'
import { createCluster, namespace } from './cluster.ts'

async function createControl() {
  const cluster = createCluster()
  const url = await serve({ '/control': createControlHandler(cluster.world.control) })
  const post = async (name: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/control/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  }
  return { ...cluster, url, post }
}

describe('the control page', () => {
  it('is a page, and says what is out of the ordinary', async () => {
    const { url } = await createControl()
    const page = await fetch(`${url}/control`)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain('Sandbox control')
    const state = await (await fetch(`${url}/control/api/state`)).json()
    expect(state).toMatchObject({ faults: [], apiFaults: [], registryDown: false, published: [] })
  })

  it('sets, shows, remembers and takes back every kind of trouble', async () => {
    const { post, store, world } = await createControl()
    expect(
      (await post('faults', { service: 'cart', namespace, errorShare: 0.4, unreachable: ['catalog'] })).status,
    ).toBe(200)
    await post('node', { node: 'node-3', down: true })
    await post('registry', { down: true })
    await post('spike', { namespace, factor: 4 })
    await post('api-fault', { verb: 'patch', conflictOnce: true })
    await post('quota', { namespace, hard: { pods: '3' } })
    const { body } = await post('publish', { service: 'cart', version: '1.8.3', behaviour: 'slow' })
    expect(body.state).toMatchObject({
      faults: [{ service: 'cart', namespace, faults: { errorShare: 0.4, unreachable: ['catalog'], crash: false } }],
      nodes: [{ down: false }, { down: false }, { name: 'node-3', down: true }],
      registryDown: true,
      spikes: [{ namespace, factor: 4 }],
      apiFaults: [{ fault: { verb: 'patch', conflictOnce: true } }],
      quotas: [{ namespace, hard: { pods: '3' } }],
      published: [{ service: 'cart', version: '1.8.3', behaviour: 'slow' }],
    })
    expect(recallWorld(store)).toMatchObject({
      registryDown: true,
      downNodes: ['node-3'],
      published: [{ version: '1.8.3' }],
    })
    expect(world.registry.tags('shop/cart')).toContain('1.8.3')
    const after = await post('reset', {})
    expect(after.body.state).toMatchObject({
      faults: [],
      registryDown: false,
      spikes: [],
      apiFaults: [],
      published: [{ version: '1.8.3' }],
    })
    expect(after.body.state.nodes.some((node: { down: boolean }) => node.down)).toBe(false)
  })

  it.each<[name: string, body: unknown, message: RegExp]>([
    ['speed', { speed: 0 }, /^The speed must be between 0\.01 and 3600, not 0\.$/],
    ['speed', { speed: 'fast' }, /^speed: .*\.$/],
    ['faults', { service: 'nobody', namespace, crash: true }, /^There is no service "nobody"; there are web, /],
    ['faults', { service: 'cart', namespace: 'mars' }, /^There is no environment with the namespace "mars"; /],
    ['faults', { service: 'cart', namespace, errorShare: 7 }, /^errorShare: /],
    ['faults', { service: 'cart', namespace, sabotage: true }, /sabotage/],
    ['node', { node: 'node-9', down: true }, /^There is no node "node-9"; there are node-1, node-2, node-3\.$/],
    [
      'publish',
      { service: 'cart', version: 'new', behaviour: 'slow' },
      /^"new" is no version; write it like 1\.4\.3\.$/,
    ],
    [
      'publish',
      { service: 'cart', version: '1.0.0', behaviour: 'dance' },
      /^behaviour: must be one of healthy, crash, /,
    ],
    ['quota', { namespace, hard: { pods: 'many' } }, /^"many" is no amount for pods; /],
    ['api-fault/remove', { id: 'fault-99' }, /^There is no API fault "fault-99"\.$/],
    ['speed', '{', /^The request body is no JSON\.$/],
  ])('refuses %s %o in one sentence', async (name, body, message) => {
    const { post } = await createControl()
    const answer = await post(name, body)
    expect(answer.status).toBe(400)
    expect(answer.body.error).toMatch(message)
  })

  it('listens to nobody who came through another site', async () => {
    const { post, url } = await createControl()
    expect((await post('reset', {}, { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post('nothing', {})).status).toBe(404)
    // fetch does not let a caller choose the Host header.
    const status = await new Promise((resolve) => {
      request(`${url}/control`, { headers: { host: 'evil.example' } }, (response) => resolve(response.statusCode)).end()
    })
    expect(status).toBe(403)
  })
})
