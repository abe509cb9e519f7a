import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StoredContent } from './images.ts'
import { mediaTypes } from './media-types.ts'
import type { Registry } from './registry.ts'

interface Answer {
  status: number
  headers: Record<string, string>
  body: string | Buffer
}

const repositoryPattern = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*'
const routePattern = new RegExp(`^/v2/(${repositoryPattern})/(?:tags/(list)|manifests/([^/]+)|blobs/([^/]+))$`)

function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) }
}

function failure(status: number, code: string, message: string, detail?: unknown): Answer {
  return json(status, { errors: [{ code, message, ...(detail === undefined ? {} : { detail }) }] })
}

function content(digest: string, { mediaType, bytes }: StoredContent): Answer {
  const headers = { 'Content-Type': mediaType, 'Docker-Content-Digest': digest, ETag: `"${digest}"` }
  return { status: 200, headers, body: bytes }
}

/** One page of names: at most `n`, after `last`; the Link header names the next page. */
function page(url: URL, names: string[], body: (names: string[]) => unknown): Answer {
  const limitText = url.searchParams.get('n')
  const limit = limitText === null ? names.length : Number(limitText)
  if (!Number.isInteger(limit) || limit < 0) {
    return failure(400, 'PAGINATION_NUMBER_INVALID', 'invalid number of results requested', { n: limitText })
  }
  const last = url.searchParams.get('last')
  const rest = last === null ? names : names.filter((name) => name > last)
  const shown = rest.slice(0, limit)
  const next = shown.at(-1)
  if (next === undefined || rest.length === shown.length) return json(200, body(shown))
  const query = `n=${limit}&last=${encodeURIComponent(next)}`
  return json(200, body(shown), { Link: `<${url.pathname}?${query}>; rel="next"` })
}

function manifest(registry: Registry, name: string, reference: string, accept: string): Answer {
  let found = registry.manifest(name, reference)
  if (found === undefined) {
    return failure(404, 'MANIFEST_UNKNOWN', 'manifest unknown', { Name: name, Reference: reference })
  }
  const takesIndex = accept.includes('*/*') || accept.includes(mediaTypes.index)
  if (found.content.mediaType === mediaTypes.index && !takesIndex && !reference.startsWith('sha256:')) {
    // As registries do for clients from before multi-platform images: the linux/amd64 one.
    found = registry.platformManifest(name, reference) ?? found
  }
  return content(found.digest, found.content)
}

function blob(registry: Registry, name: string, digest: string): Answer {
  if (!/^sha256:[a-f0-9]{64}$/.test(digest)) {
    return failure(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content')
  }
  const found = registry.blob(name, digest)
  if (found === undefined) return failure(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { digest })
  return content(digest, { ...found, mediaType: 'application/octet-stream' })
}

function answer(registry: Registry, request: IncomingMessage): Answer {
  const url = new URL(request.url ?? '/', 'http://sandbox')
  if (registry.down) {
    return failure(503, 'UNAVAILABLE', 'the registry is down (a fault set on the control page)')
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return failure(405, 'UNSUPPORTED', 'The operation is unsupported.')
  }
  if (url.pathname === '/v2' || url.pathname === '/v2/') return json(200, {})
  if (url.pathname === '/v2/_catalog') return page(url, registry.repositories(), (names) => ({ repositories: names }))
  const [, name, isTags, reference, digest] = routePattern.exec(url.pathname) ?? []
  const tags = name === undefined ? undefined : registry.tags(name)
  if (name === undefined || tags === undefined) {
    return failure(404, 'NAME_UNKNOWN', 'repository name not known to registry', { name })
  }
  if (isTags !== undefined) return page(url, tags, (shown) => ({ name, tags: shown }))
  // A digest's colon may arrive percent-encoded; nothing else in a reference needs decoding.
  const plain = (text: string) => text.replace(/%3a/i, ':')
  if (reference !== undefined) return manifest(registry, name, plain(reference), request.headers.accept ?? '*/*')
  return blob(registry, name, plain(digest ?? ''))
}

/**
 * Read side of the OCI distribution API (https://github.com/opencontainers/distribution-spec/blob/main/spec.md):
 * the version check, the catalog, tags, manifests and blobs. Pushing is refused with UNSUPPORTED.
 */
export function createRegistryHandler(registry: Registry) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { status, headers, body } = answer(registry, request)
    response.writeHead(status, {
      'Docker-Distribution-Api-Version': 'registry/2.0',
      'Content-Length': Buffer.byteLength(body),
      ...headers,
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}
