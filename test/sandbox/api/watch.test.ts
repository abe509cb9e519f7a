import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BareServer, deployment, startBareServer } from './bare-server.ts'

let server: BareServer
beforeEach(async () => {
  server = await startBareServer()
})
afterEach(() => server.close())

interface WatchEvent {
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was sent and fails where it is not so
  object: any
}

/** Reads a watch event by event; each `next` waits for one. */
async function openWatch(query: string, headers: Record<string, string> = {}, resource = 'configmaps') {
  const response = await fetch(`${server.url}/api/v1/namespaces/shop/${resource}?watch=true&${query}`, { headers })
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader()
  let buffer = ''
  const next = async (): Promise<WatchEvent | undefined> => {
    for (;;) {
      const end = buffer.indexOf('\n')
      if (end >= 0) {
        const line = buffer.slice(0, end)
        buffer = buffer.slice(end + 1)
        return JSON.parse(line)
      }
      const { value, done } = await reader.read()
      if (done) return undefined
      buffer += value
    }
  }
  return { response, next, cancel: () => reader.cancel() }
}

const map = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', labels },
})

describe('watch', () => {
  it('begins with what is there, then tells every change in order', async () => {
    server.store.create('configmaps', map('first'))
    const stream = await openWatch('')
    expect(await stream.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'first' } } })
    server.store.create('configmaps', map('second'))
    server.store.modify('configmaps', 'shop', 'first', (draft) => {
      draft.data = { a: '1' }
    })
    server.store.delete('configmaps', 'shop', 'first')
    expect(await stream.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'second' } } })
    expect(await stream.next()).toMatchObject({ type: 'MODIFIED', object: { data: { a: '1' } } })
    const gone = await stream.next()
    expect(gone?.type).toBe('DELETED')
    expect(Number(gone?.object.metadata.resourceVersion)).toBe(server.store.version)
    await stream.cancel()
  })

  it('goes on from a version without a gap', async () => {
    const created = server.store.create('configmaps', map('a'))
    server.store.create('configmaps', map('b'))
    const stream = await openWatch(`resourceVersion=${created.metadata.resourceVersion}`)
    expect(await stream.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } })
    await stream.cancel()
  })

  it('answers a forgotten version with an ERROR event of 410', async () => {
    for (let index = 0; index < 5; index++) server.store.create('configmaps', map(`m${index}`))
    server.store.history.forget(4)
    const stream = await openWatch('resourceVersion=2')
    const event = await stream.next()
    expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })
    expect(event?.object.message).toMatch(/^too old resource version: 2 \(\d+\)$/)
    expect(await stream.next()).toBeUndefined()
  })

  it('shows an object that leaves the selector as deleted and one that enters it as added', async () => {
    server.store.create('configmaps', map('moving', { tier: 'web' }))
    const stream = await openWatch('labelSelector=tier%3Dweb')
    expect((await stream.next())?.type).toBe('ADDED')
    const move = (tier: string) =>
      server.store.modify('configmaps', 'shop', 'moving', (draft) => {
        draft.metadata.labels = { tier }
      })
    move('db')
    move('web')
    expect((await stream.next())?.type).toBe('DELETED')
    expect((await stream.next())?.type).toBe('ADDED')
    await stream.cancel()
  })

  it('ends the initial events of a streamed list with a marked bookmark', async () => {
    server.store.create('configmaps', map('one'))
    const stream = await openWatch('sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan')
    expect((await stream.next())?.type).toBe('ADDED')
    const bookmark = await stream.next()
    expect(bookmark?.type).toBe('BOOKMARK')
    expect(bookmark?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' })
    expect(bookmark?.object.metadata.resourceVersion).toBe(String(server.store.version))
    await stream.cancel()
  })

  it('sends tables, with their columns only once', async () => {
    const accept = { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
    server.store.create('configmaps', map('one'))
    server.store.create('configmaps', map('two'))
    const stream = await openWatch('', accept)
    const [first, second] = [await stream.next(), await stream.next()]
    expect(first?.object.columnDefinitions.map((column: { name: string }) => column.name)).toEqual([
      'Name',
      'Data',
      'Age',
    ])
    expect(second?.object.columnDefinitions).toBeNull()
    expect(second?.object.rows[0].cells[0]).toBe('two')
    await stream.cancel()
  })

  it('ends after timeoutSeconds', async () => {
    const stream = await openWatch('timeoutSeconds=1')
    expect(await stream.next()).toBeUndefined()
  })
})

describe('list', () => {
  it('says that a version from another life of the cluster is too large', async () => {
    const { code, body } = await server.call('GET', '/api/v1/configmaps?resourceVersion=999999')
    expect([code, body.details.causes[0].reason]).toEqual([504, 'ResourceVersionTooLarge'])
  })

  it('pages through one state of the cluster, whatever is written meanwhile', async () => {
    for (const name of ['a', 'b', 'c']) server.store.create('configmaps', map(name))
    const path = '/api/v1/namespaces/shop/configmaps'
    const first = await server.call('GET', `${path}?limit=2`)
    expect(first.body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['a', 'b'])
    expect(first.body.metadata.remainingItemCount).toBe(1)
    server.store.create('configmaps', map('d'))
    server.store.delete('configmaps', 'shop', 'c')
    const second = await server.call('GET', `${path}?limit=2&continue=${first.body.metadata.continue}`)
    expect(second.body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['c'])
    expect(second.body.metadata.continue).toBeUndefined()
    expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion)
    server.store.history.forget(1000)
    const stale = await server.call('GET', `${path}?limit=2&continue=${first.body.metadata.continue}`)
    expect([stale.code, stale.body.reason]).toEqual([410, 'Expired'])
    expect((await server.call('GET', `${path}?continue=nonsense`)).code).toBe(400)
  })

  it('selects by labels and fields', async () => {
    server.store.create('configmaps', map('x', { app: 'web', tier: 'front' }))
    server.store.create('configmaps', map('y', { app: 'db' }))
    server.store.create('configmaps', map('z'))
    const names = async (query: string) => {
      const { body } = await server.call('GET', `/api/v1/configmaps?${new URLSearchParams(query)}`)
      return body.items.map((item: { metadata: { name: string } }) => item.metadata.name).join()
    }
    expect(await names('labelSelector=app in (web,db),tier')).toBe('x')
    expect(await names('labelSelector=app!=web')).toBe('y,z')
    expect(await names('labelSelector=!app')).toBe('z')
    expect(await names('labelSelector=app notin (db)')).toBe('x,z')
    expect(await names('fieldSelector=metadata.name=y')).toBe('y')
    const unsupported = await server.call('GET', '/api/v1/configmaps?fieldSelector=data.a=1')
    expect([unsupported.code, unsupported.body.message]).toEqual([400, 'field label not supported: data.a'])
    const malformed = await server.call('GET', `/api/v1/configmaps?${new URLSearchParams('labelSelector=a in web')}`)
    expect(malformed.code).toBe(400)
  })

  it('shows deployments beside events.k8s.io views and partial metadata', async () => {
    server.store.create('apps/deployments', deployment('web') as never)
    const accept = { Accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' }
    const { body } = await server.call('GET', '/apis/apps/v1/deployments', undefined, accept)
    expect(body.kind).toBe('PartialObjectMetadataList')
    expect(body.items[0]).not.toHaveProperty('spec')
    server.store.create('events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'web.1', namespace: 'shop' },
      involvedObject: { kind: 'Deployment', name: 'web' },
      reason: 'ScalingReplicaSet',
      message: 'Scaled up',
      count: 2,
    })
    const view = await server.call('GET', '/apis/events.k8s.io/v1/namespaces/shop/events/web.1')
    expect(view.body).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      note: 'Scaled up',
      deprecatedCount: 2,
      regarding: { name: 'web' },
    })
  })
})
