import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export interface OpenIdProvider {
  readonly issuer: string
  /** Whom it vouches for: subject → claims. Anybody else may sign in too, without an address. */
  readonly claims: Map<string, { email?: string; email_verified?: boolean | string }>
  close(): Promise<void>
}

export const CLIENT_SECRET = 'a secret of the tests, long enough for a signature'

/** A real OpenID provider on a port of its own; its development screens let anybody sign in under any name. */
export async function startOpenIdProvider(redirectUris: () => string[]): Promise<OpenIdProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${portOf(server)}`
  const claims = new Map<string, { email?: string; email_verified?: boolean | string }>()
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'quarterdeck',
        client_secret: CLIENT_SECRET,
        redirect_uris: redirectUris(),
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...claims.get(sub) }) }),
    cookies: { keys: ['a key of the tests'] },
    pkce: { required: () => true },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
  })
  server.on('request', provider.callback())
  return {
    issuer,
    claims,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

// A TCP server's address is never a string.
const portOf = (server: Server): number => (server.address() as AddressInfo).port
