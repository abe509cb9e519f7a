import { createHash } from 'node:crypto'
import { z } from 'zod'
import { UpstreamError } from '../../core/errors.ts'
import type { Location } from './access.ts'
import type { RegistryHttp } from './registry-http.ts'

/** Both families, indexes first: the digest of a multi-platform tag is that of its index. */
const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

const MOST_KEPT = 5_000
const CREATED = 'org.opencontainers.image.created'
const annotations = z.record(z.string(), z.string()).nullish()
const Platform = z.object({ os: z.string().default(''), architecture: z.string().default('') })
const Manifest = z.object({
  annotations,
  config: z.object({ digest: z.string() }).optional(),
  manifests: z.array(z.object({ digest: z.string(), platform: Platform.optional() })).optional(),
})
const Config = z.object({ created: z.string().optional() })

export interface Manifests {
  /** The digest of a tag or digest; undefined when the registry says that it does not exist. */
  digest(location: Location, reference: string): Promise<string | undefined>
  /** When the image was built, ISO 8601; undefined when it does not say (or says the epoch, as reproducible builds do). */
  createdAt(location: Location, digest: string): Promise<string | undefined>
}

/** Manifests through the distribution API. Dates are kept: what a digest names never changes. */
export function createManifests(http: RegistryHttp): Manifests {
  const dates = new Map<string, string | undefined>()

  async function json<T>(
    location: Location,
    path: string,
    schema: z.ZodType<T>,
    accept: string,
  ): Promise<T | undefined> {
    const response = await http.send(location, path, { accept })
    if (!response.ok) {
      await response.body?.cancel()
      return undefined
    }
    const parsed = schema.safeParse(await response.json().catch(() => undefined))
    return parsed.success ? parsed.data : undefined
  }

  async function lookUp(location: Location, digest: string): Promise<string | undefined> {
    const top = await json(location, `manifests/${digest}`, Manifest, ACCEPT)
    if (top?.annotations?.[CREATED]) return top.annotations[CREATED]
    const platforms = top?.manifests?.filter(({ platform }) => platform?.os !== 'unknown') ?? []
    const chosen =
      platforms.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64') ?? platforms[0]
    const manifest = chosen ? await json(location, `manifests/${chosen.digest}`, Manifest, ACCEPT) : top
    const config = manifest?.config && (await json(location, `blobs/${manifest.config.digest}`, Config, '*/*'))
    return config?.created
  }

  return {
    async digest(location, reference) {
      const path = `manifests/${encodeURIComponent(reference)}`
      const head = await http.send(location, path, { method: 'HEAD', accept: ACCEPT })
      const named = head.headers.get('docker-content-digest')
      if (head.ok && named) return named
      if (head.status === 404) return undefined
      // HEAD is optional in old registries, and so is the digest's header: then the bytes themselves say it.
      const whole = await http.send(location, path, { accept: ACCEPT })
      if (whole.status === 404) return undefined
      if (!whole.ok) throw refused(location, reference, whole.status)
      const bytes = Buffer.from(await whole.arrayBuffer())
      return whole.headers.get('docker-content-digest') ?? `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    },

    async createdAt(location, digest) {
      const key = `${location.url} ${location.name} ${digest}`
      if (!dates.has(key)) {
        if (dates.size >= MOST_KEPT) dates.clear()
        const created = await lookUp(location, digest)
        const time = created ? Date.parse(created) : Number.NaN
        dates.set(key, time > 0 ? new Date(time).toISOString() : undefined)
      }
      return dates.get(key)
    },
  }
}

function refused({ host, name }: Location, reference: string, status: number): UpstreamError {
  return new UpstreamError(`The registry ${host} cannot say what ${name}:${reference} is (HTTP ${status}).`, {
    service: `registry ${host}`,
    retryable: false,
  })
}
