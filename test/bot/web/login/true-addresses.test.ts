import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { HttpResponse } from 'msw/http'
import { expect, test } from 'vitest'
import { createLoginProvider } from '../../../../bot/web/login/provider.ts'
import { configFrom } from '../../../../core/config.ts'
import { cutJson, gzipped, hungUp, jsonOf, pageForPeople, rateLimited, useOutside } from '../../../_harness/outside.ts'

const outside = useOutside()
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })

/** As the configuration has it; the provider's other addresses come from its metadata. */
function loginAt(issuer: string) {
  const { login } = configFrom({
    environments: { staging: { namespace: 'shop' } },
    login: { issuer, clientId: 'quarterdeck', clientSecret: 'env:TRUE_OIDC', address: 'https://quarterdeck.example' },
  })
  if (!login) throw new Error('the configuration has no login')
  return createLoginProvider({ ...login, clientSecret: 'the secret' }, () => new Date())
}
const idToken = (issuer: string, nonce: string, claims: object) =>
  new SignJWT({ nonce, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuer(issuer)
    .setAudience('quarterdeck')
    .setSubject('1234')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey)

const GOOGLE = 'https://accounts.google.com'
const GOOGLES = 'GET https://accounts.google.com/.well-known/openid-configuration'
const METADATA = {
  issuer: GOOGLE,
  authorization_endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
  token_endpoint: 'https://oauth2.googleapis.com/token',
  userinfo_endpoint: 'https://openidconnect.googleapis.com/v1/userinfo',
  jwks_uri: 'https://www.googleapis.com/oauth2/v3/certs',
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
}

test('a login goes by the addresses that the provider names, with its secret and the proof of who began it', async () => {
  const provider = loginAt(GOOGLE)
  outside.answers(GOOGLES, () => gzipped(METADATA))
  const { url, login } = await provider.begin()
  const target = new URL(url)
  expect(target.origin + target.pathname).toBe(METADATA.authorization_endpoint)
  expect(Object.fromEntries(target.searchParams)).toMatchObject({
    ...{ client_id: 'quarterdeck', response_type: 'code', scope: 'openid email', code_challenge_method: 'S256' },
    ...{ redirect_uri: 'https://quarterdeck.example/api/login/callback', state: login.state, nonce: login.nonce },
  })

  const given = {
    access_token: 'at',
    token_type: 'Bearer',
    expires_in: 3_599,
    id_token: await idToken(GOOGLE, login.nonce, {}),
  }
  outside.answers('POST https://oauth2.googleapis.com/token', () => jsonOf(given))
  outside.answers('GET https://openidconnect.googleapis.com/v1/userinfo', () =>
    jsonOf({ sub: '1234', email: 'mira@shop.example', email_verified: true }),
  )
  const who = await provider.finish(`?code=c&state=${login.state}&iss=${encodeURIComponent(GOOGLE)}`, login)
  expect(who).toEqual({ subject: '1234', email: 'mira@shop.example' })
  const [, token, info] = outside.asked
  expect(Object.fromEntries(new URLSearchParams(token?.text))).toMatchObject({
    ...{ grant_type: 'authorization_code', code: 'c', code_verifier: login.verifier },
    ...{ redirect_uri: 'https://quarterdeck.example/api/login/callback', client_secret: 'the secret' },
  })
  expect(info?.headers.get('authorization')).toBe('Bearer at')
})

test('the path of an issuer belongs to its address, and another issuer’s metadata are not believed', async () => {
  const tenant = 'https://login.microsoftonline.com/22222222-0000-4000-8000-000000000002/v2.0' as const
  outside.answers(`GET ${tenant}/.well-known/openid-configuration`, () => jsonOf({ ...METADATA, issuer: tenant }))
  expect((await loginAt(tenant).begin()).url).toContain('client_id=quarterdeck')
  outside.answers(GOOGLES, () => jsonOf({ ...METADATA, issuer: 'https://thief.example' }))
  await expect(loginAt(GOOGLE).begin()).rejects.toThrow(/^The login provider accounts\.google\.com cannot be asked: /)
})

test.each<[string, () => Response]>([
  ['asks to wait', () => rateLimited(5)],
  ['is down behind its load balancer', () => pageForPeople(503)],
  ['hides behind the page of a proxy', () => pageForPeople(200)],
  ['stops in the middle', () => cutJson(METADATA)],
  ['hangs up', hungUp],
  ['cannot be reached', () => HttpResponse.error()],
])('a provider that %s is said in a sentence, and asked again at the next login', async (_what, answer) => {
  const provider = loginAt(GOOGLE)
  outside.answers(GOOGLES, answer)
  await expect(provider.begin()).rejects.toMatchObject({
    ...{ name: 'UpstreamError', service: 'login provider', retryable: true },
    message: expect.stringMatching(/^The login provider accounts\.google\.com cannot be asked: .+\.$/),
  })
  outside.answers(GOOGLES, () => jsonOf(METADATA))
  expect((await provider.begin()).url).toContain(METADATA.authorization_endpoint)
})
