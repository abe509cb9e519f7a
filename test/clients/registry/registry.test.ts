import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { RegistryAccess } from '../../../clients/registry/access.ts'
import { locateRepository } from '../../../clients/registry/access.ts'
import { createRegistryClient } from '../../../clients/registry/client.ts'
import { UpstreamError, UserError } from '../../../core/errors.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { type Sandbox, startSandbox } from '../../../sandbox/server.ts'
import { json, startFakeHttp } from '../fake-http.ts'

const IMAGE = 'registry.test/shop/checkout'
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function client(access: RegistryAccess) {
  return createRegistryClient({
    registries: () => access,
    log: silentLogger,
    clock: () => new Date(),
    timeoutMs: 2_000,
    resilience: { retries: 2, firstDelayMs: 1, halfOpenAfterMs: 100 },
  })
}

async function registry(answer: Parameters<typeof startFakeHttp>[0], access: RegistryAccess = {}) {
  const server = await startFakeHttp(answer)
  closing.push(server.close)
  return { server, reader: client({ url: server.url, ...access }) }
}

const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ seed: 3, withPast: false })
})
afterAll(() => sandbox?.close())

test("the sandbox's registry: versions newest first, digests with dates, and what does not exist", async () => {
  const reader = client({ url: sandbox.url })
  const checkout = 'registry.sandbox.test/shop/checkout'
  const tags = await reader.tags(checkout)
  expect(tags[0]).toBe('1.5.6')
  expect(tags.at(-1)).toBe('1.3.0')
  const found = await reader.resolve(checkout, '1.4.2')
  expect(found?.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(Date.parse(found?.createdAt ?? '')).toBeGreaterThan(Date.parse('2023-01-01'))
  expect(await reader.resolve(checkout, found?.digest ?? '')).toEqual(found)
  const bytes = await (await fetch(`${sandbox.url}/v2/shop/checkout/manifests/1.4.2`)).text()
  expect(digestOf(bytes)).toBe(found?.digest)
  expect(await reader.resolve(checkout, '1.6.0')).toBeUndefined()
  expect(await reader.resolve(checkout, `sha256:${'0'.repeat(64)}`)).toBeUndefined()
  await expect(reader.tags('registry.sandbox.test/shop/nothing')).rejects.toThrow(UserError)
  await expect(reader.tags('registry.sandbox.test/shop/nothing')).rejects.toThrow(
    'The registry registry.sandbox.test has no repository shop/nothing.',
  )
})

test('a bearer token is fetched where the challenge says, with our credentials, and used again', async () => {
  let tokens = 0
  const { server, reader } = await registry(
    (asked, response) => {
      if (asked.url.startsWith('/token?')) {
        tokens++
        return json(response, 200, { token: `t${tokens}`, expires_in: 300 })
      }
      if (asked.headers.authorization !== 'Bearer t1') {
        const challenge = `Bearer realm="http://${asked.headers.host}/token",service="registry.test",scope="repository:shop/checkout:pull"`
        return json(response, 401, { errors: [{ code: 'UNAUTHORIZED' }] }, { 'www-authenticate': challenge })
      }
      json(response, 200, { tags: ['1.0.0', '1.1.0'] })
    },
    { credentials: async () => ({ username: 'robot', password: 'p:w' }) },
  )
  expect(await reader.tags(IMAGE)).toEqual(['1.1.0', '1.0.0'])
  expect(await reader.tags(IMAGE)).toEqual(['1.1.0', '1.0.0'])
  expect(server.asked.map(({ url }) => url)).toEqual([
    '/v2/shop/checkout/tags/list?n=1000',
    '/token?service=registry.test&scope=repository%3Ashop%2Fcheckout%3Apull',
    '/v2/shop/checkout/tags/list?n=1000',
    '/v2/shop/checkout/tags/list?n=1000',
  ])
  expect(server.asked[1]?.headers.authorization).toBe(`Basic ${Buffer.from('robot:p:w').toString('base64')}`)
})

test.each([
  [
    'is down',
    503,
    '',
    /^The registry registry\.test does not answer \(its token server 127\.0\.0\.1:\d+ says HTTP 503\)\.$/,
  ],
  [
    'has a page for people',
    200,
    '<html>',
    /wants a token and 127\.0\.0\.1:\d+ answers with something that is no token\.$/,
  ],
])('a token server that %s is told from a missing right', async (_, code, body, says) => {
  const { reader } = await registry(({ url }, response) =>
    url.startsWith('/token')
      ? response.writeHead(code).end(body)
      : json(response, 401, {}, { 'www-authenticate': 'Bearer realm="/token"' }),
  )
  const refused = reader.tags(IMAGE)
  await expect(refused).rejects.toThrow(UpstreamError)
  await expect(refused).rejects.toThrow(says)
})

test('a challenge that names no address is told in a sentence', async () => {
  const { reader } = await registry((_, response) =>
    json(response, 401, {}, { 'www-authenticate': 'Bearer realm="http://"' }),
  )
  await expect(reader.tags(IMAGE)).rejects.toThrow(
    'The registry registry.test wants a token and names no address for it.',
  )
})

test('an answer that stops half-way is asked for again', async () => {
  let asked = 0
  const cutFirst: Parameters<typeof startFakeHttp>[0] = ({ method }, response) => {
    if (method === 'HEAD') return void response.writeHead(405).end()
    asked += 1
    if (asked > 1) return json(response, 200, { tags: ['1.0.0'] })
    response.writeHead(200, { 'content-length': '100' }).write('{"tags"', () => response.destroy())
  }
  expect(await (await registry(cutFirst)).reader.tags(IMAGE)).toEqual(['1.0.0'])
  asked = 0
  expect(await (await registry(cutFirst)).reader.resolve(IMAGE, '1.0.0')).toMatchObject({ digest: expect.any(String) })
})

test('basic auth where the registry asks for that; without credentials the refusal says what may be wrong', async () => {
  const right = `Basic ${Buffer.from('me:secret').toString('base64')}`
  const answer: Parameters<typeof startFakeHttp>[0] = (asked, response) =>
    asked.headers.authorization === right
      ? json(response, 200, { tags: ['2'] })
      : json(response, 401, {}, { 'www-authenticate': 'Basic realm="registry"' })
  const allowed = await registry(answer, { credentials: async () => ({ username: 'me', password: 'secret' }) })
  expect(await allowed.reader.tags(IMAGE)).toEqual(['2'])
  const anonymous = await registry(answer)
  const refused = anonymous.reader.tags(IMAGE)
  await expect(refused).rejects.toThrow(UpstreamError)
  await expect(refused).rejects.toThrow(
    /The registry registry\.test does not show shop\/checkout to us \(HTTP 401\): it does not exist there, or the registry's credentials/,
  )
})

test('all pages are read, and our token follows no link to another server', async () => {
  const other = await registry((_, response) => json(response, 200, { tags: ['9.9.9'] }))
  const { reader } = await registry(({ url }, response) => {
    if (url.includes('last=b'))
      return json(response, 200, { tags: ['1.2.0'] }, { link: `<${other.server.url}/x>; rel="next"` })
    json(
      response,
      200,
      { tags: ['1.10.0', '1.9.0'] },
      { link: '</v2/shop/checkout/tags/list?n=1000&last=b>; rel="next"' },
    )
  })
  expect(await reader.tags(IMAGE)).toEqual(['1.10.0', '1.9.0', '1.2.0'])
  expect(other.server.asked).toEqual([])
})

test('HEAD first; a registry without it, or without the digest header, is asked for the bytes', async () => {
  const manifest = JSON.stringify({ schemaVersion: 2, config: { digest: 'sha256:c' } })
  const { server, reader } = await registry(({ method, url }, response) => {
    if (method === 'HEAD') return response.writeHead(405).end()
    if (url.includes('/blobs/')) return json(response, 200, { created: '2026-05-04T03:02:01Z' })
    response.writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' }).end(manifest)
  })
  expect(await reader.resolve(IMAGE, '1.0.0')).toEqual({
    digest: digestOf(manifest),
    createdAt: '2026-05-04T03:02:01.000Z',
  })
  expect(server.asked[0]).toMatchObject({ method: 'HEAD', url: '/v2/shop/checkout/manifests/1.0.0' })
  expect(server.asked[0]?.headers.accept).toContain('application/vnd.oci.image.index.v1+json')
})

test('a multi-platform image: the digest of the index, the date of its linux image; no date is no failure', async () => {
  const digest = digestOf('index')
  let blobs = 200
  const { reader } = await registry(({ method, url }, response) => {
    if (method === 'HEAD') return response.writeHead(200, { 'docker-content-digest': digest }).end()
    if (url.includes('/blobs/')) return json(response, blobs, { created: '2026-01-02T00:00:00Z' })
    if (url.endsWith('/manifests/sha256:amd')) return json(response, 200, { config: { digest: 'sha256:config' } })
    const platform = (architecture: string, os = 'linux') => ({ os, architecture })
    json(response, 200, {
      manifests: [
        { digest: 'sha256:attestation', platform: platform('unknown', 'unknown') },
        { digest: 'sha256:arm', platform: platform('arm64') },
        { digest: 'sha256:amd', platform: platform('amd64') },
      ],
    })
  })
  expect(await reader.resolve(IMAGE, 'v1')).toEqual({ digest, createdAt: '2026-01-02T00:00:00.000Z' })
  blobs = 403
  expect(await reader.resolve('registry.test/shop/other', 'v1')).toEqual({ digest })
})

test('tags that are no versions are put in order by their build dates', async () => {
  const dates: Record<string, string> = { aaa: '2026-01-01', bbb: '2026-03-01', ccc: '2026-02-01' }
  const { reader } = await registry(({ method, url }, response) => {
    if (url.includes('/tags/list')) return json(response, 200, { tags: Object.keys(dates) })
    const reference = url.split('/').at(-1) ?? ''
    if (method === 'HEAD') return response.writeHead(200, { 'docker-content-digest': `sha256:${reference}` }).end()
    const created = `${dates[reference.replace('sha256%3A', '').replace('sha256:', '')]}T00:00:00Z`
    json(response, 200, { annotations: { 'org.opencontainers.image.created': created } })
  })
  expect(await reader.tags(IMAGE)).toEqual(['bbb', 'ccc', 'aaa'])
})

test('a registry that is down is asked again, then left alone; a rate limit is told apart', async () => {
  const down = await registry((_, response) => json(response, 502, {}))
  const failed = down.reader.resolve(IMAGE, '1.0.0')
  await expect(failed).rejects.toMatchObject({ service: 'registry registry.test', retryable: true })
  await expect(failed).rejects.toThrow('The registry registry.test does not answer (HTTP 502).')
  expect(down.server.asked).toHaveLength(3)
  const limited = await registry((_, response) => json(response, 429, {}, { 'retry-after': '3600' }))
  await expect(limited.reader.tags(IMAGE)).rejects.toMatchObject({ retryAfterMs: 3_600_000 })
  await expect(limited.reader.tags(IMAGE)).rejects.toThrow(
    'The registry registry.test asks to wait: its rate limit is used up.',
  )
})

test('what can be neither tag nor digest is not asked for', async () => {
  const { server, reader } = await registry((_, response) => json(response, 200, {}))
  for (const reference of ['../../_catalog', '1.0.0 ', 'a/b', '', `sha256:${'x'.repeat(64)}`, 'x'.repeat(129)])
    expect(await reader.resolve(IMAGE, reference)).toBeUndefined()
  expect(server.asked).toEqual([])
})

test('repositories are found where container runtimes would', () => {
  const where = (repository: string) => {
    const { host, url, name } = locateRepository(repository, () => undefined)
    return `${host} ${url} ${name}`
  }
  expect(where('nginx')).toBe('docker.io https://registry-1.docker.io library/nginx')
  expect(where('grafana/loki')).toBe('docker.io https://registry-1.docker.io grafana/loki')
  expect(where('localhost/a')).toBe('localhost https://localhost a')
  expect(where('registry.test:5000/a/b/c')).toBe('registry.test:5000 https://registry.test:5000 a/b/c')
})
