import { z } from 'zod'
import { UpstreamError } from '../../core/errors.ts'
import { retryAfterMs, Trouble } from '../trouble.ts'
import type { Location } from './access.ts'
import { parseChallenge } from './challenge.ts'

const Token = z.object({
  token: z.string().optional(),
  access_token: z.string().optional(),
  expires_in: z.number().optional(),
})

/** The specification's default where the server names none. */
const DEFAULT_LIFE_S = 60
/** Not used in its last moments: it must outlive the call. */
const MARGIN_MS = 10_000

export interface Authorization {
  /** The header for a call to this repository, if one is known to be needed. */
  known(location: Location): string | undefined
  /** Answers a 401's challenge: the header to try again with, undefined when there is nothing (more) to offer. */
  answer(location: Location, wwwAuthenticate: string | null): Promise<string | undefined>
}

/**
 * Bearer tokens by the distribution specification's token flow, basic auth where the registry asks for that. Tokens are kept per
 * registry and repository until they expire. https://distribution.github.io/distribution/spec/auth/token/
 */
export function createAuthorization(fetchToken: typeof fetch, clock: () => Date): Authorization {
  const kept = new Map<string, { header: string; until: number }>()
  const keyOf = ({ url, name }: Location) => `${url} ${name}`

  return {
    known(location) {
      const found = kept.get(keyOf(location))
      return found && found.until > clock().getTime() ? found.header : undefined
    },
    async answer(location, wwwAuthenticate) {
      const challenge = parseChallenge(wwwAuthenticate)
      const credentials = await location.access.credentials?.()
      const basic = credentials && basicHeader(credentials)
      if (challenge?.scheme === 'basic' && basic) {
        kept.set(keyOf(location), { header: basic, until: clock().getTime() + DEFAULT_LIFE_S * 1000 })
        return basic
      }
      const realm = challenge?.scheme === 'bearer' ? challenge.parameters.realm : undefined
      if (!realm) return undefined
      if (!URL.canParse(realm, location.url)) throw unusable(location, 'names no address for it')
      const url = new URL(realm, location.url)
      if (challenge?.parameters.service) url.searchParams.set('service', challenge.parameters.service)
      url.searchParams.set('scope', challenge?.parameters.scope ?? `repository:${location.name}:pull`)
      const response = await fetchToken(url, { headers: basic ? { authorization: basic } : {} })
      if (!response.ok) {
        await response.body?.cancel()
        // A token server that is down says nothing about our rights.
        if (response.status >= 500 || response.status === 429) throw outage(response, url, clock())
        return undefined
      }
      const parsed = Token.safeParse(await response.json().catch(() => undefined))
      if (!parsed.success) throw unusable(location, `${url.host} answers with something that is no token`)
      const { token, access_token, expires_in } = parsed.data
      const value = token ?? access_token
      if (!value) return undefined
      const header = `Bearer ${value}`
      const lifeMs = (expires_in ?? DEFAULT_LIFE_S) * 1000
      kept.set(keyOf(location), { header, until: clock().getTime() + lifeMs - MARGIN_MS })
      return header
    },
  }
}

function outage({ status, headers }: Response, { host }: URL, now: Date): Trouble {
  const askedMs = retryAfterMs(headers.get('retry-after') ?? undefined, now)
  const detail = { status, outage: status !== 429 }
  const how = `its token server ${host} says HTTP ${status}`
  return new Trouble(how, askedMs === undefined ? detail : { ...detail, retryAfterMs: askedMs })
}

function unusable({ host }: Location, why: string): UpstreamError {
  return new UpstreamError(`The registry ${host} wants a token and ${why}.`, {
    service: `registry ${host}`,
    retryable: false,
  })
}

const basicHeader = ({ username, password }: { username: string; password: string }) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
