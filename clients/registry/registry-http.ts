import { UpstreamError } from '../../core/errors.ts'
import type { Telemetry } from '../../core/ports/telemetry.ts'
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

/** More than the largest answer that registries give (4 MiB for a manifest; a page of tags is smaller). */
const LARGEST_ANSWER = 16 * 1024 * 1024

/** The answer with its body read, so that one that stops half-way is tried again like any other. Throws Trouble. */
async function whole(response: Response, method: string): Promise<Response> {
  const { status, headers } = response
  if (method === 'HEAD' || !response.body || status === 204) return response
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of response.body) {
      size += chunk.length
      if (size > LARGEST_ANSWER) throw new Trouble('its answer is larger than any of a registry', { outage: false })
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof Trouble) throw error
    throw networkTrouble(error) ?? new Trouble('the answer stopped half-way', { cause: error })
  }
  return new Response(Buffer.concat(chunks), { status, headers })
}

/** Calls to registries: token flow, a timeout, retries, one circuit breaker per registry. */
export function createRegistryHttp(options: {
  readonly clock: () => Date
  readonly resilience: ResilienceOptions
  readonly timeoutMs: number
  readonly telemetry?: Telemetry | undefined
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
    const service = `registry ${new URL(url).host}`
    const made = createResilience({
      ...options.resilience,
      circuit: (state) => options.telemetry?.tell({ what: 'circuit', service, state }),
    })
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
    if (response.status < 500 && response.status !== 429) return await whole(response, method)
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
