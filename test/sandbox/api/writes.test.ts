import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BareServer, deployment, startBareServer } from './bare-server.ts'

let server: BareServer
beforeAll(async () => {
  server = await startBareServer()
})
afterAll(() => server.close())

const deployments = '/apis/apps/v1/namespaces/shop/deployments'
const merge = { 'Content-Type': 'application/merge-patch+json' }

async function create(name: string, spec: Record<string, unknown> = {}) {
  const reply = await server.call('POST', deployments, deployment(name, spec))
  expect(reply.code).toBe(201)
  return reply.body
}

describe('optimistic concurrency', () => {
  it('refuses a stale resourceVersion and another uid in the server’s words', async () => {
    const old = await create('stale')
    await server.call('PATCH', `${deployments}/stale`, { spec: { replicas: 2 } }, merge)
    const put = await server.call('PUT', `${deployments}/stale`, old)
    expect(put.code).toBe(409)
    expect(put.body).toMatchObject({
      kind: 'Status',
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on deployments.apps "stale": the object has been modified; please apply your changes to the latest version and try again',
      details: { name: 'stale', group: 'apps', kind: 'deployments' },
    })
    const patch = { metadata: { resourceVersion: old.metadata.resourceVersion }, spec: { replicas: 3 } }
    expect((await server.call('PATCH', `${deployments}/stale`, patch, merge)).code).toBe(409)
    const other = await server.call('PATCH', `${deployments}/stale`, { metadata: { uid: 'another' } }, merge)
    expect(other.body.message).toContain('Precondition failed: UID in precondition: another, UID in object meta: 0000')
  })

  it('honours the preconditions of a delete', async () => {
    const made = await create('precious')
    const body = { preconditions: { uid: 'another' } }
    expect((await server.call('DELETE', `${deployments}/precious`, body)).code).toBe(409)
    const right = { preconditions: { uid: made.metadata.uid, resourceVersion: made.metadata.resourceVersion } }
    const gone = await server.call('DELETE', `${deployments}/precious`, right)
    expect(gone.body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'precious', uid: made.metadata.uid },
    })
  })
})

describe('generation and subresources', () => {
  it('counts spec changes only', async () => {
    const made = await create('counted')
    expect(made.metadata.generation).toBe(1)
    const labelled = await server.call('PATCH', `${deployments}/counted`, { metadata: { labels: { a: 'b' } } }, merge)
    expect(labelled.body.metadata.generation).toBe(1)
    const scaled = await server.call('PATCH', `${deployments}/counted`, { spec: { replicas: 3 } }, merge)
    expect(scaled.body.metadata.generation).toBe(2)
    const same = await server.call('PATCH', `${deployments}/counted`, { spec: { replicas: 3 } }, merge)
    expect(same.body.metadata.resourceVersion).toBe(scaled.body.metadata.resourceVersion)
  })

  it('keeps status and spec apart', async () => {
    await create('apart', { replicas: 2 })
    const both = { spec: { replicas: 7 }, status: { replicas: 5 } }
    const status = await server.call('PATCH', `${deployments}/apart/status`, both, merge)
    expect(status.body.spec.replicas).toBe(2)
    expect(status.body.status.replicas).toBe(5)
    expect(status.body.metadata.generation).toBe(1)
    const spec = await server.call(
      'PATCH',
      `${deployments}/apart`,
      { spec: { replicas: 7 }, status: { replicas: 1 } },
      merge,
    )
    expect(spec.body.spec.replicas).toBe(7)
    expect(spec.body.status.replicas).toBe(5)
    const scale = await server.call('GET', `${deployments}/apart/scale`)
    expect(scale.body).toMatchObject({ spec: { replicas: 7 }, status: { replicas: 5, selector: 'app=apart' } })
    const negative = await server.call('PATCH', `${deployments}/apart/scale`, { spec: { replicas: -1 } }, merge)
    expect([negative.code, negative.body.details.causes[0].field]).toEqual([422, 'spec.replicas'])
  })

  it('fills in the defaults of the real server', async () => {
    const { spec } = await create('defaults')
    expect(spec).toMatchObject({
      replicas: 1,
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: {
        spec: {
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          containers: [{ imagePullPolicy: 'IfNotPresent', ports: [{ containerPort: 8080, protocol: 'TCP' }] }],
        },
      },
    })
  })
})

describe('what is refused', () => {
  const cases: [string, Record<string, unknown>, string, string][] = [
    ['negative replicas', { replicas: -5 }, 'spec.replicas', 'Invalid value: -5: must be greater than or equal to 0'],
    [
      'a selector that misses the template',
      { selector: { matchLabels: { app: 'x' } } },
      'spec.template.metadata.labels',
      '`selector` does not match template `labels`',
    ],
    ['an empty selector', { selector: {} }, 'spec.selector', 'empty selector is invalid for deployment'],
    [
      'no room to roll',
      { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } },
      'spec.strategy.rollingUpdate.maxUnavailable',
      'may not be 0 when `maxSurge` is 0',
    ],
    [
      'a deadline below minReadySeconds',
      { minReadySeconds: 700 },
      'spec.progressDeadlineSeconds',
      'must be greater than minReadySeconds',
    ],
  ]
  it.each(cases)('%s: 422 with the field as cause', async (_, spec, field, message) => {
    const { code, body } = await server.call('POST', deployments, deployment('refused', spec))
    expect([code, body.reason]).toEqual([422, 'Invalid'])
    const cause = body.details.causes.find((candidate: { field: string }) => candidate.field === field)
    expect(cause?.message).toContain(message)
  })

  it('a missing image, a name that is none, and both in one answer', async () => {
    const broken = deployment('Broken_Name', {
      template: { metadata: { labels: { app: 'Broken_Name' } }, spec: { containers: [{ name: 'app' }] } },
    })
    const { body } = await server.call('POST', deployments, broken)
    expect(body.message).toMatch(/^Deployment\.apps "Broken_Name" is invalid: \[metadata\.name: Invalid value/)
    expect(body.details.causes.map((cause: { field: string }) => cause.field)).toEqual([
      'metadata.name',
      'spec.template.spec.containers[0].image',
    ])
  })

  it('another selector on a deployment that has one', async () => {
    await create('fixed')
    const patch = {
      spec: { selector: { matchLabels: { app: 'other' } }, template: { metadata: { labels: { app: 'other' } } } },
    }
    const { code, body } = await server.call('PATCH', `${deployments}/fixed`, patch, merge)
    expect(code).toBe(422)
    expect(body.message).toContain('field is immutable')
  })

  it('unknown fields: refused when Strict, warned of by default, dropped silently when ignored', async () => {
    const typo = deployment('typo', { replicsa: 3 })
    const strict = await server.call('POST', `${deployments}?fieldValidation=Strict`, typo)
    expect([strict.code, strict.body.reason]).toEqual([400, 'BadRequest'])
    expect(strict.body.message).toContain('strict decoding error: unknown field "spec.replicsa"')
    const warned = await server.call('POST', deployments, typo)
    expect(warned.headers.get('warning')).toBe('299 - "unknown field \\"spec.replicsa\\""')
    expect(warned.body.spec).not.toHaveProperty('replicsa')
    const ignored = await server.call(
      'POST',
      `${deployments}?fieldValidation=Ignore`,
      deployment('typo2', { replicsa: 3 }),
    )
    expect(ignored.headers.get('warning')).toBeNull()
  })

  it('malformed JSON, the wrong type, an oversized body, an unknown media type', async () => {
    const malformed = await server.call('POST', deployments, '{"a":')
    expect([malformed.code, malformed.body.kind, malformed.body.reason]).toEqual([400, 'Status', 'BadRequest'])
    const mistyped = await server.call('POST', deployments, deployment('typed', { replicas: 'three' }))
    expect(mistyped.body.message).toContain('cannot unmarshal string into Go struct field spec.replicas of type int32')
    const huge = await server.call('POST', deployments, `"${'x'.repeat(3 * 1024 * 1024)}"`)
    expect([huge.code, huge.body.reason]).toEqual([413, 'RequestEntityTooLarge'])
    const binary = await server.call('POST', deployments, 'k8s', {
      'Content-Type': 'application/vnd.kubernetes.protobuf',
    })
    expect([binary.code, binary.body.reason]).toEqual([400, 'BadRequest'])
    const unknown = await server.call('POST', deployments, 'k8s', { 'Content-Type': 'application/cbor' })
    expect([unknown.code, unknown.body.reason]).toEqual([415, 'UnsupportedMediaType'])
  })

  it('paths, methods, namespaces and objects that are not there', async () => {
    expect((await server.call('GET', '/apis/apps/v1/namespaces/shop/wonders')).code).toBe(404)
    expect((await server.call('PUT', deployments, deployment('x'))).code).toBe(405)
    const missing = await server.call('GET', `${deployments}/nobody`)
    expect(missing.body.message).toBe('deployments.apps "nobody" not found')
    const nowhere = await server.call('POST', '/api/v1/namespaces/nowhere/configmaps', { metadata: { name: 'a' } })
    expect([nowhere.code, nowhere.body.message]).toEqual([404, 'namespaces "nowhere" not found'])
    await create('twice')
    const twice = await server.call('POST', deployments, deployment('twice'))
    expect([twice.code, twice.body.reason]).toEqual([409, 'AlreadyExists'])
    const misplaced = await server.call('PUT', `${deployments}/other`, deployment('twice'))
    expect(misplaced.body.message).toContain('does not match the name on the URL')
    expect((await server.call('GET', '/api/v1/namespaces/%zz/pods')).code).toBe(400)
  })

  it('a JSON patch whose test fails changes nothing', async () => {
    await create('tested', { replicas: 2 })
    const patch = [
      { op: 'replace', path: '/spec/replicas', value: 9 },
      { op: 'test', path: '/spec/replicas', value: 2 },
    ]
    const json = { 'Content-Type': 'application/json-patch+json' }
    expect((await server.call('PATCH', `${deployments}/tested`, patch, json)).code).toBe(422)
    expect((await server.call('GET', `${deployments}/tested`)).body.spec.replicas).toBe(2)
    const good = [
      patch[1],
      { op: 'add', path: '/metadata/annotations', value: { 'a/b': 'c' } },
      { op: 'replace', path: '/metadata/annotations/a~1b', value: 'd' },
    ]
    const done = await server.call('PATCH', `${deployments}/tested`, good, json)
    expect(done.body.metadata.annotations).toEqual({ 'a/b': 'd' })
  })
})
