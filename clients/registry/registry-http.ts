import { UpstreamError } from '../../core/errors.ts'
import { createResilience, type Resilience, type ResilienceOptions } from '../resilience.ts'
import { networkTrouble, retryAfterMs, Trouble } from '../trouble.ts'
import type { Location } from './access.ts'
import { createAuthorization } from './authorization.ts'

export interface RegistryHttp {
  /**
   * Any answer below 500 but 401, 403 and 429, as it is: what a 404 means depends on what was asked.
   * `path` is below the repository (`tags/list`), or a whole URL of the same registry. Throws UpstreamError.
   */
  send(location: Location, path: string, options?: { method?: 'GET' | 'HEAD'; accept?: string }): Promise<Response>
}

/** Calls to registries: token flow, a timeout, retries, one circuit breaker per registry. */
export function createRegistryHttp(options: {
  readonly clock: () => Date
  readonly resilience: ResilienceOptions
  readonly timeoutMs: number
}): RegistryHttp {
  const breakers = new Map<string, Resilience>()
  const timed: typeof fetch = async (url, init) => {
    try {
      return await fetch(url, { ...init, signal: AbortSignal.timeout(options.timeoutMs) })
    } catch (error) {
      throw networkTrouble(error) ?? error
    }
  }
  const authorization = createAuthorization(timed, options.clock)

  function resilienceOf({ url }: Location): Resilience {
    const known = breakers.get(url)
    if (known) return known
    const made = createResilience(options.resilience)
    breakers.set(url, made)
    return made
  }

  async function ask(location: Location, url: string, method: string, accept: string): Promise<Response> {
    const call = (header: string | undefined) =>
      timed(url, { method, headers: { accept, ...(header ? { authorization: header } : {}) } })
    let response = await call(authorization.known(location))
    if (response.status === 401) {
      await response.body?.cancel()
      const header = await authorization.answer(location, response.headers.get('www-authenticate'))
      if (header) response = await call(header)
    }
    if (response.status < 500 && response.status !== 429) return response
    await response.body?.cancel()
    const askedMs = retryAfterMs(response.headers.get('retry-after') ?? undefined, options.clock())
    const detail = { status: response.status, outage: response.status !== 429 }
    throw new Trouble(`HTTP ${response.status}`, askedMs === undefined ? detail : { ...detail, retryAfterMs: askedMs })
  }

  return {
    async send(location, path, { method = 'GET', accept = 'application/json' } = {}) {
      const url = path.includes('://') ? path : `${location.url}/v2/${location.name}/${path}`
      let response: Response
      try {
        response = await resilienceOf(location).again(() => ask(location, url, method, accept))
      } catch (error) {
        throw explain(error, location)
      }
      if (response.status === 401 || response.status === 403) {
        await response.body?.cancel()
        throw new UpstreamError(
          `The registry ${location.host} does not show ${location.name} to us (HTTP ${response.status}): it does not exist there, or the registry's credentials in the configuration lack the right to pull it.`,
          { service: `registry ${location.host}`, retryable: false },
        )
      }
      return response
    },
  }
}

function explain(error: unknown, { host }: Location): unknown {
  if (!(error instanceof Trouble)) return error
  const asks = error.status === 429
  return new UpstreamError(
    asks
      ? `The registry ${host} asks to wait: its rate limit is used up.`
      : `The registry ${host} does not answer (${error.how}).`,
    {
      service: `registry ${host}`,
      retryable: true,
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
      cause: error,
    },
  )
}
