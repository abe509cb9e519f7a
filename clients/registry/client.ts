import { z } from 'zod'
import { UpstreamError, UserError } from '../../core/errors.ts'
import type { RegistryReader } from '../../core/ports/cluster.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { Telemetry } from '../../core/ports/telemetry.ts'
import { DEFAULT_RESILIENCE, type ResilienceOptions } from '../resilience.ts'
import { type Location, locateRepository, type RegistryAccess } from './access.ts'
import { createManifests } from './manifests.ts'
import { createRegistryHttp } from './registry-http.ts'
import { newestFirst, parseVersion } from './version-order.ts'

export interface RegistryClientOptions {
  /** By the host in the image's name; undefined: anonymous, over https. Asked at every call. */
  readonly registries: (host: string) => RegistryAccess | undefined
  readonly log: Logger
  readonly clock: () => Date
  readonly telemetry?: Telemetry
  readonly resilience?: Partial<ResilienceOptions>
  /** Per call. Default 10 s. */
  readonly timeoutMs?: number
}

const TagPage = z.object({ tags: z.array(z.string()).nullish() })
const PAGE = 1000
/** More pages than any repository that is tidied up has. */
const MOST_PAGES = 50
/** Tags without a version in them are put in order by their build dates, when there are not too many to ask. */
const MOST_DATED = 60
/** What the distribution specification allows as a tag or a digest: anything else cannot exist. */
const REFERENCE = /^(?:\w[\w.-]{0,127}|[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,})$/

/**
 * Reads image registries through the OCI distribution API (https://github.com/opencontainers/distribution-spec). Throws UserError
 * when the repository does not exist and UpstreamError when the registry cannot say.
 */
export function createRegistryClient(options: RegistryClientOptions): RegistryReader {
  const http = createRegistryHttp({
    clock: options.clock,
    telemetry: options.telemetry,
    resilience: { ...DEFAULT_RESILIENCE, ...options.resilience },
    timeoutMs: options.timeoutMs ?? 10_000,
  })
  const manifests = createManifests(http)
  const locate = (repository: string) => locateRepository(repository, options.registries)

  async function allTags(location: Location): Promise<string[]> {
    const tags: string[] = []
    let next: string | undefined = `tags/list?n=${PAGE}`
    for (let page = 0; next && page < MOST_PAGES; page++) {
      const response = await http.send(location, next)
      if (response.status === 404) throw unknownRepository(location)
      const parsed = TagPage.safeParse(response.ok ? await response.json().catch(() => undefined) : undefined)
      if (!parsed.success) throw nonsense(location, response.status)
      tags.push(...(parsed.data.tags ?? []))
      next = nextPage(location, response.headers.get('link'))
    }
    if (next)
      options.log.warn({ registry: location.host, repository: location.name }, 'registry has more tags than are read')
    return tags
  }

  /** A date is a nicety: a registry that does not tell it must not keep a digest from being known. */
  async function dateOf(location: Location, digest: string): Promise<string | undefined> {
    try {
      return await manifests.createdAt(location, digest)
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      options.log.debug({ registry: location.host, repository: location.name, digest, error }, 'no build date')
      return undefined
    }
  }

  async function dateOfTag(location: Location, tag: string): Promise<string> {
    const digest = await manifests.digest(location, tag)
    return (digest && (await dateOf(location, digest))) ?? ''
  }

  return {
    async tags(repository) {
      const location = locate(repository)
      const ordered = newestFirst(await allTags(location))
      const versions = ordered.filter((tag) => parseVersion(tag))
      const others = ordered.slice(versions.length)
      if (versions.length >= others.length || others.length > MOST_DATED) return ordered
      const dated = await inBatches(ordered, 8, async (tag) => ({ tag, at: await dateOfTag(location, tag) }))
      return dated.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).map(({ tag }) => tag)
    },

    async resolve(repository, reference) {
      if (!REFERENCE.test(reference)) return undefined
      const location = locate(repository)
      const digest = await manifests.digest(location, reference)
      if (!digest) return undefined
      const createdAt = await dateOf(location, digest)
      return { digest, ...(createdAt ? { createdAt } : {}) }
    },
  }
}

/** The next page's URL by the Link header (RFC 8288); only ever on the same registry, since our token goes with it. */
function nextPage(location: Location, link: string | null): string | undefined {
  const target = /<([^>]+)>\s*;[^,]*rel="?next"?/.exec(link ?? '')?.[1]
  if (!target) return undefined
  const url = new URL(target, `${location.url}/v2/${location.name}/tags/list`)
  return url.origin === new URL(location.url).origin ? url.href : undefined
}

async function inBatches<A, B>(items: readonly A[], size: number, map: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = []
  for (let from = 0; from < items.length; from += size)
    results.push(...(await Promise.all(items.slice(from, from + size).map(map))))
  return results
}

function unknownRepository({ host, name }: Location): UserError {
  return new UserError(`The registry ${host} has no repository ${name}.`)
}

function nonsense({ host, name }: Location, status: number): UpstreamError {
  return new UpstreamError(`The registry ${host} does not list the tags of ${name} (HTTP ${status}).`, {
    service: `registry ${host}`,
    retryable: false,
  })
}
