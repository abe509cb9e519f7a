import { decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { UpstreamError } from '../../../core/errors.ts'
import { type Activity, botId, tenantOf } from '../activity.ts'
import { isKnownService, sameService } from './service-hosts.ts'
import type { SigningKeys } from './signing-keys.ts'

const CHANNEL = 'msteams'
/** What clocks may differ by (Bot Framework, "connector authentication"). */
const SKEW_S = 300
const LONGEST_TOKEN = 8_000

/** An activity that is not taken: who sent it is not who it says, or may not speak here. */
export class RefusedActivityError extends Error {
  override readonly name = 'RefusedActivityError'
  /** 401: the token is no good. 403: it is, but this activity is not for us. */
  readonly status: 401 | 403
  constructor(says: string, status: 401 | 403) {
    super(says)
    this.status = status
  }
}

export interface Verified {
  readonly tenantId: string
  /** Until when the token is good, with what clocks may differ by: a captured activity can come again until then. */
  readonly goodUntil: Date
}

export interface VerifyOptions {
  readonly appId: string
  readonly tenants: readonly string[]
  readonly keys: SigningKeys
  /** Who issues the tokens: servicesNamedBy. */
  readonly services: string
  /** Whether services on this machine are answered (tests). */
  readonly loopback: boolean
  readonly clock: () => Date
}

/**
 * Whether an activity comes from the Bot Framework for Teams, for us, from a tenant that may speak here (Bot Framework, "Authenticate
 * requests from the Bot Connector service to your bot"). Throws RefusedActivityError, or UpstreamError while no keys can be had.
 */
export async function verifyActivity(
  activity: Activity,
  authorization: string | undefined,
  options: VerifyOptions,
): Promise<Verified> {
  const token = tokenIn(authorization)
  const { key, endorsements } = await signingKey(token, options.keys)
  const claims = await checkToken(token, key, options)
  // The library of Microsoft lets keys without endorsements speak for every channel; ours must be named.
  if (!endorsements.includes(CHANNEL)) throw refused('its key may not speak for Teams')
  if (activity.channelId !== CHANNEL) throw refused('it is not from Teams')
  const serviceUrl = claims.serviceurl
  if (typeof serviceUrl !== 'string' || !sameService(serviceUrl, activity.serviceUrl))
    throw refused('it wants its answers at an address its token does not name')
  if (!isKnownService(activity.serviceUrl, options))
    throw refused('it wants its answers at an address of nobody we know')
  if (activity.recipient.id !== botId(options.appId)) throw refused('it is for another bot', 403)
  const tenantId = tenantOf(activity)
  if (!tenantId || !options.tenants.includes(tenantId)) throw refused('its tenant is not on the list', 403)
  return { tenantId, goodUntil: new Date(((claims.exp ?? 0) + SKEW_S) * 1_000) }
}

function tokenIn(authorization: string | undefined): string {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? '')?.[1]
  if (!token || token.length > LONGEST_TOKEN) throw refused('it has no token')
  return token
}

async function signingKey(token: string, keys: SigningKeys) {
  const { alg, kid } = headerOf(token)
  if (alg !== 'RS256' || typeof kid !== 'string') throw refused('its token is not signed as the Bot Framework signs')
  const key = await keys.byId(kid)
  if (!key) throw refused('its token is signed with a key of nobody we know')
  return key
}

function headerOf(token: string): { readonly alg?: unknown; readonly kid?: unknown } {
  try {
    return decodeProtectedHeader(token)
  } catch {
    throw refused('its token cannot be read')
  }
}

async function checkToken(token: string, key: Parameters<typeof jwtVerify>[1], options: VerifyOptions) {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['RS256'],
      issuer: options.services,
      audience: options.appId,
      clockTolerance: SKEW_S,
      requiredClaims: ['exp', 'nbf'],
      currentDate: options.clock(),
    })
    // A list of audiences is for somebody who has several.
    if (typeof payload.aud !== 'string') throw refused('its token is for several')
    return payload
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refused(`its token does not hold (${error.code})`)
    throw error instanceof RefusedActivityError || error instanceof UpstreamError
      ? error
      : refused('its token does not hold')
  }
}

const refused = (why: string, status: 401 | 403 = 401) =>
  new RefusedActivityError(`This activity is refused: ${why}.`, status)
