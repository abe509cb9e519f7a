import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createRegistryHandler } from '../../../sandbox/registry/handler.ts'
import { parseReference, Registry } from '../../../sandbox/registry/registry.ts'
import { imageSource } from '../../../sandbox/world/shop/versions.ts'
import { serve } from '../serve.ts'

async function createRegistry() {
  const registry = new Registry('registry.sandbox.test')
  for (const version of ['1.4.0', '1.4.1', '1.5.0']) registry.publish(imageSource('checkout', version))
  registry.publish(imageSource('cart', '1.8.1'))
  const url = await serve({ '/v2': createRegistryHandler(registry) })
  return { registry, get: (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, init) }
}

const sha256 = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

describe('the registry', () => {
  it('answers the version check, the catalog and tags by pages', async () => {
    const { get } = await createRegistry()
    const check = await get('/v2/')
    expect([check.status, check.headers.get('docker-distribution-api-version')]).toEqual([200, 'registry/2.0'])
    expect(await (await get('/v2/_catalog')).json()).toEqual({ repositories: ['shop/cart', 'shop/checkout'] })
    const first = await get('/v2/shop/checkout/tags/list?n=2')
    expect(await first.json()).toEqual({ name: 'shop/checkout', tags: ['1.4.0', '1.4.1'] })
    expect(first.headers.get('link')).toBe('</v2/shop/checkout/tags/list?n=2&last=1.4.1>; rel="next"')
    const second = await get('/v2/shop/checkout/tags/list?n=2&last=1.4.1')
    expect(await second.json()).toEqual({ name: 'shop/checkout', tags: ['1.5.0'] })
    expect(second.headers.get('link')).toBeNull()
  })

  it('has digests that are those of the bytes, from the tag down to the layer', async () => {
    const { get } = await createRegistry()
    const head = await get('/v2/shop/checkout/manifests/1.4.1', { method: 'HEAD' })
    const digest = head.headers.get('docker-content-digest')
    expect(head.headers.get('content-type')).toBe('application/vnd.oci.image.index.v1+json')
    const indexBytes = await bytesOf(await get('/v2/shop/checkout/manifests/1.4.1'))
    expect(sha256(indexBytes)).toBe(digest)
    expect(head.headers.get('content-length')).toBe(String(indexBytes.length))
    const index = JSON.parse(indexBytes.toString())
    expect(index.manifests).toHaveLength(2)
    const manifestBytes = await bytesOf(await get(`/v2/shop/checkout/manifests/${index.manifests[0].digest}`))
    expect(sha256(manifestBytes)).toBe(index.manifests[0].digest)
    expect(manifestBytes.length).toBe(index.manifests[0].size)
    const manifest = JSON.parse(manifestBytes.toString())
    const configBytes = await bytesOf(await get(`/v2/shop/checkout/blobs/${manifest.config.digest}`))
    expect(sha256(configBytes)).toBe(manifest.config.digest)
    const config = JSON.parse(configBytes.toString())
    expect(Date.parse(config.created)).toBeGreaterThan(0)
    expect(config.config.Labels['org.opencontainers.image.revision']).toMatch(/^[0-9a-f]{40}$/)
    expect(config.config.Labels['org.opencontainers.image.source']).toBe('https://git.sandbox.test/shop/checkout')
    const layer = await bytesOf(await get(`/v2/shop/checkout/blobs/${manifest.layers[0].digest}`))
    expect(sha256(layer)).toBe(manifest.layers[0].digest)
    expect(sha256(gunzipSync(layer))).toBe(config.rootfs.diff_ids[0])
  })

  it('gives clients that do not take an index the linux/amd64 manifest', async () => {
    const { get } = await createRegistry()
    const accept = { headers: { accept: 'application/vnd.oci.image.manifest.v1+json' } }
    const response = await get('/v2/shop/checkout/manifests/1.4.1', accept)
    expect(response.headers.get('content-type')).toBe('application/vnd.oci.image.manifest.v1+json')
    expect(sha256(await bytesOf(response))).toBe(response.headers.get('docker-content-digest'))
  })

  it.each<[path: string, status: number, code: string]>([
    ['/v2/shop/checkout/manifests/9.9.9', 404, 'MANIFEST_UNKNOWN'],
    [`/v2/shop/checkout/manifests/sha256:${'0'.repeat(64)}`, 404, 'MANIFEST_UNKNOWN'],
    ['/v2/shop/nobody/manifests/1.0.0', 404, 'NAME_UNKNOWN'],
    ['/v2/shop/nobody/tags/list', 404, 'NAME_UNKNOWN'],
    [`/v2/shop/checkout/blobs/sha256:${'0'.repeat(64)}`, 404, 'BLOB_UNKNOWN'],
    ['/v2/shop/checkout/blobs/nonsense', 400, 'DIGEST_INVALID'],
    ['/v2/shop/checkout/tags/list?n=-1', 400, 'PAGINATION_NUMBER_INVALID'],
    ['/v2/%E0%A4%A', 404, 'NAME_UNKNOWN'],
  ])('refuses %s', async (path, status, code) => {
    const { get } = await createRegistry()
    const response = await get(path)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ errors: [{ code, message: expect.any(String) }] })
  })

  it('is read-only, and down when it is down', async () => {
    const { registry, get } = await createRegistry()
    expect((await get('/v2/shop/checkout/manifests/1.0.0', { method: 'PUT' })).status).toBe(405)
    registry.down = true
    expect((await get('/v2/')).status).toBe(503)
  })

  it('keeps an image reachable by digest when its tag moves', async () => {
    const { registry } = await createRegistry()
    const before = registry.manifest('shop/checkout', '1.4.1')?.digest ?? ''
    registry.publish(imageSource('checkout', '1.4.1', new Date(0)))
    expect(registry.manifest('shop/checkout', '1.4.1')?.digest).not.toBe(before)
    expect(registry.manifest('shop/checkout', before)?.digest).toBe(before)
  })
})

describe('an image reference', () => {
  const digest = `sha256:${'a'.repeat(64)}`

  it.each([
    ['registry.sandbox.test/shop/checkout:1.4.1', 'registry.sandbox.test', 'shop/checkout', '1.4.1', undefined],
    [`registry.sandbox.test/shop/checkout@${digest}`, 'registry.sandbox.test', 'shop/checkout', undefined, digest],
    [`localhost:5000/a/b:1@${digest}`, 'localhost:5000', 'a/b', '1', digest],
    ['nginx', 'docker.io', 'nginx', 'latest', undefined],
  ])('%s', (text, host, repository, tag, expected) => {
    expect(parseReference(text)).toEqual({ host, repository, tag, digest: expected })
  })

  it('refuses what is none', () => {
    for (const text of ['', 'UPPER/case', 'a b', 'x@sha256:12']) expect(parseReference(text)).toBeUndefined()
  })
})
