import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { messageOf, UpstreamError } from '../../../core/errors.ts'

export interface LoginOptions {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string | undefined
  /** Origin under which people open the page. */
  readonly address: string
}

/** What a browser must bring back with its answer; kept in its own cookie meanwhile. */
export interface LoginTry {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface Identity {
  readonly subject: string
  /** Absent where the provider does not vouch for it. */
  readonly email: string | undefined
}

export interface LoginProvider {
  /** Where to send the browser. Throws UpstreamError when the provider does not answer. */
  begin(): Promise<{ readonly url: string; readonly login: LoginTry }>
  /** Who came back. Throws UpstreamError when the provider does not answer or its word cannot be trusted. */
  finish(query: string, login: LoginTry): Promise<Identity>
}

export const CALLBACK = '/api/login/callback'
const TIMEOUT_SECONDS = 8
/** The keys and addresses of a provider change rarely; an hour finds a change soon enough. */
const KNOWN_MS = 3_600_000

/**
 * Signing in by OpenID Connect's authorization code flow with PKCE (OpenID Connect Core 1.0 §3.1, RFC 7636). The provider is asked for its
 * metadata at the first login, so that one that is down keeps nothing else from starting.
 */
export function createLoginProvider(options: LoginOptions, now: () => Date): LoginProvider {
  const { issuer, clientId, clientSecret, address } = options
  let known: { readonly configuration: Promise<Configuration>; readonly at: number } | undefined

  function configuration(): Promise<Configuration> {
    const at = now().getTime()
    if (!known || at - known.at > KNOWN_MS) {
      const found = discovery(new URL(issuer), clientId, clientSecret, clientSecret ? undefined : None(), {
        timeout: TIMEOUT_SECONDS,
        // The configuration lets plain http through on loopback only.
        execute: new URL(issuer).protocol === 'http:' ? [allowInsecureRequests] : [],
      })
      known = { configuration: found, at }
      found.catch(() => {
        known = undefined
      })
    }
    return known.configuration
  }

  async function asked<T>(what: string, ask: (configuration: Configuration) => Promise<T>): Promise<T> {
    try {
      return await ask(await configuration())
    } catch (error) {
      throw new UpstreamError(`The login provider ${new URL(issuer).host} ${what}: ${messageOf(error)}.`, {
        service: 'login provider',
        retryable: true,
        cause: error,
      })
    }
  }

  return {
    begin: () =>
      asked('cannot be asked', async (configuration) => {
        const login = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
        const url = buildAuthorizationUrl(configuration, {
          redirect_uri: `${address}${CALLBACK}`,
          scope: 'openid email',
          state: login.state,
          nonce: login.nonce,
          code_challenge: await calculatePKCECodeChallenge(login.verifier),
          code_challenge_method: 'S256',
        })
        return { url: url.href, login }
      }),
    finish: (query, login) =>
      asked('did not confirm this login', async (configuration) => {
        const tokens = await authorizationCodeGrant(configuration, new URL(`${address}${CALLBACK}${query}`), {
          expectedState: login.state,
          expectedNonce: login.nonce,
          pkceCodeVerifier: login.verifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()
        if (!claims) throw new Error('it sent no identity')
        // Many providers put the address into the user's info only.
        const said =
          claims.email === undefined && configuration.serverMetadata().userinfo_endpoint
            ? await fetchUserInfo(configuration, tokens.access_token, claims.sub)
            : claims
        return { subject: claims.sub, email: vouchedEmail(issuer, said) }
      }),
  }
}

/**
 * At these addresses of Microsoft's whoever runs a directory of their own may sign in, and writes any address into it: only one that is
 * expressly vouched for counts (https://learn.microsoft.com/entra/identity-platform/claims-validation).
 */
const ANY_DIRECTORY = /^https:\/\/login\.microsoftonline\.com\/(?:common|organizations|consumers)(?:\/|$)/i
/** A text in some providers' claims, though the standard has a boolean (OpenID Connect Core 1.0 §5.1). */
const YES: readonly unknown[] = [true, 'true', 1, '1']

/** The address in somebody's claims, where the provider vouches for it; one that says nothing of it is taken at its word. */
export function vouchedEmail(issuer: string, claims: Readonly<Record<string, unknown>>): string | undefined {
  const { email, email_verified, xms_edov } = claims
  const vouched = ANY_DIRECTORY.test(issuer)
    ? YES.includes(email_verified) || YES.includes(xms_edov)
    : email_verified === undefined || YES.includes(email_verified)
  return typeof email === 'string' && vouched ? email : undefined
}
