import { HttpResponse } from 'msw/http'
import { expect, test } from 'vitest'
import { createRegistryClient } from '../../../clients/registry/client.ts'
import { registryAccess } from '../../../clients/registry/configured.ts'
import { configFrom } from '../../../core/config.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import {
  cutJson,
  gzipped,
  hungUp,
  jsonOf,
  neverDone,
  pageForPeople,
  rateLimited,
  slowly,
  useOutside,
} from '../../_harness/outside.ts'

const outside = useOutside()
process.env.TRUE_GHCR_USER = 'robot'
process.env.TRUE_GHCR_TOKEN = 'ghp_1'
const { registries } = configFrom({
  environments: { staging: { namespace: 'shop' } },
  registries: {
    'ghcr.io': { url: 'https://ghcr.io', username: 'env:TRUE_GHCR_USER', password: 'env:TRUE_GHCR_TOKEN' },
  },
})

const reader = (timeoutMs = 10_000) =>
  createRegistryClient({
    registries: registryAccess(registries, undefined),
    ...{ log: silentLogger, clock: () => new Date(), timeoutMs },
    resilience: { retries: 1, firstDelayMs: 1 },
  })
const challenge = (realm: string, service: string, scope: string) =>
  jsonOf(
    { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] },
    { status: 401, headers: { 'www-authenticate': `Bearer realm="${realm}",service="${service}",scope="${scope}"` } },
  )
const bearerOf = (headers: Headers) => headers.get('authorization')
const INDEX = `sha256:${'a'.repeat(64)}`

test('Docker Hub: a token of its login without credentials, the digest by HEAD, blobs elsewhere without our token', async () => {
  const hub = 'https://registry-1.docker.io/v2/library/nginx'
  const scope = 'repository:library/nginx:pull'
  const blobs = 'https://production.cloudflare.docker.com/registry-v2/docker/registry/v2/blobs/sha256/cc/data'
  const guarded =
    (answer: () => Response) =>
    ({ headers }: { headers: Headers }) =>
      bearerOf(headers) === 'Bearer anonymous'
        ? answer()
        : challenge('https://auth.docker.io/token', 'registry.docker.io', scope)
  outside.answers('GET https://auth.docker.io/token', () => jsonOf({ token: 'anonymous', expires_in: 300 }))
  const digest = { 'docker-content-digest': INDEX }
  outside.answers(
    `HEAD ${hub}/manifests/1.29`,
    guarded(() => new HttpResponse(null, { headers: digest })),
  )
  const manifest = { config: { digest: 'sha256:cc' } }
  outside.answers(
    `GET ${hub}/manifests/${INDEX}`,
    guarded(() => jsonOf(manifest, { headers: digest })),
  )
  outside.answers(
    `GET ${hub}/blobs/sha256:cc`,
    guarded(() => new HttpResponse(null, { status: 307, headers: { location: `${blobs}?verify=1` } })),
  )
  outside.answers(`GET ${blobs}`, () => jsonOf({ created: '2026-10-01T00:00:00Z' }))
  expect(await reader().resolve('nginx', '1.29')).toEqual({ digest: INDEX, createdAt: '2026-10-01T00:00:00.000Z' })
  expect(outside.whats()).toEqual([
    `HEAD ${hub}/manifests/1.29`,
    `GET https://auth.docker.io/token?service=registry.docker.io&scope=${encodeURIComponent(scope)}`,
    `HEAD ${hub}/manifests/1.29`,
    `GET ${hub}/manifests/${INDEX}`,
    `GET ${hub}/blobs/sha256:cc`,
    `GET ${blobs}?verify=1`,
  ])
  const [head, token] = outside.asked
  expect(head?.headers.get('accept')).toMatch(/^application\/vnd\.oci\.image\.index\.v1\+json, /)
  expect(bearerOf(token?.headers ?? new Headers())).toBeNull()
  expect(bearerOf(outside.asked.at(-1)?.headers ?? new Headers())).toBeNull()
})

test('GitHub: a token for the robot of the configuration, and every page of the tags', async () => {
  const repository = 'https://ghcr.io/v2/shop/checkout'
  const scope = 'repository:shop/checkout:pull'
  outside.answers('GET https://ghcr.io/token', ({ headers }) =>
    headers.get('authorization') === `Basic ${Buffer.from('robot:ghp_1').toString('base64')}`
      ? jsonOf({ token: 'for the robot' })
      : jsonOf({ errors: [{ code: 'DENIED' }] }, { status: 403 }),
  )
  outside.answers(`GET ${repository}/tags/list`, ({ what, headers }) => {
    if (bearerOf(headers) !== 'Bearer for the robot') return challenge('https://ghcr.io/token', 'ghcr.io', scope)
    if (what.includes('last=')) return jsonOf({ name: 'shop/checkout', tags: ['1.4.2'] })
    const link = '</v2/shop/checkout/tags/list?last=1.4.1&n=1000>; rel="next"'
    return jsonOf({ name: 'shop/checkout', tags: ['1.4.0', '1.4.1'] }, { headers: { link } })
  })
  expect(await reader().tags('ghcr.io/shop/checkout')).toEqual(['1.4.2', '1.4.1', '1.4.0'])
  expect(outside.whats()).toEqual([
    `GET ${repository}/tags/list?n=1000`,
    `GET https://ghcr.io/token?service=ghcr.io&scope=${encodeURIComponent(scope)}`,
    `GET ${repository}/tags/list?n=1000`,
    `GET ${repository}/tags/list?last=1.4.1&n=1000`,
  ])
})

const QUAY = 'GET https://quay.io/v2/shop/cart/tags/list'
const TAGS = { name: 'shop/cart', tags: ['2.0.0', '2.0.1'] }
test.each([
  ['packed', gzipped],
  ['piece by piece', slowly],
])('a registry that nobody configured is asked at its own name; its answer comes %s', async (_how, as) => {
  outside.answers(QUAY, () => as(TAGS))
  expect(await reader().tags('quay.io/shop/cart')).toEqual(['2.0.1', '2.0.0'])
})

const DOWN = 'The registry quay.io does not answer'
test.each<[string, () => Response, string, number]>([
  [
    'asks to wait an hour',
    () => rateLimited(3_600),
    'The registry quay.io asks to wait: its rate limit is used up.',
    1,
  ],
  ['is down behind its load balancer', () => pageForPeople(503), `${DOWN} (HTTP 503).`, 2],
  ['hangs up', hungUp, `${DOWN} (connection lost).`, 2],
  ['never comes to an end', neverDone, `${DOWN} (no answer in time).`, 2],
  ['cannot be reached', () => HttpResponse.error(), `${DOWN} (Network error).`, 2],
  [
    'sends in circles',
    () => new HttpResponse(null, { status: 302, headers: { location: QUAY.slice(4) } }),
    `${DOWN} (redirect count exceeded).`,
    42,
  ],
])('a registry that %s', async (_what, answer, says, asked) => {
  outside.answers(QUAY, answer)
  await expect(reader(500).tags('quay.io/shop/cart')).rejects.toMatchObject({
    ...{ name: 'UpstreamError', service: 'registry quay.io', retryable: true, message: says },
  })
  expect(outside.asked).toHaveLength(asked)
})

test.each<[string, () => Response]>([
  ['stops in the middle', () => cutJson(TAGS)],
  ['hides behind the page of a proxy', () => pageForPeople(200)],
])('a registry that %s lists nothing', async (_what, answer) => {
  outside.answers(QUAY, answer)
  await expect(reader().tags('quay.io/shop/cart')).rejects.toThrow(
    'The registry quay.io does not list the tags of shop/cart (HTTP 200).',
  )
})
