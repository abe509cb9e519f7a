import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { HttpResponse } from 'msw/http'
import { beforeEach, describe, expect, test } from 'vitest'
import { Activity } from '../../../bot/teams/activity.ts'
import { createTeamsAdapter } from '../../../bot/teams/connector/adapter.ts'
import { isLoopback, servicesNamedBy } from '../../../bot/teams/verify/service-hosts.ts'
import { createSigningKeys } from '../../../bot/teams/verify/signing-keys.ts'
import { type VerifyOptions, verifyActivity } from '../../../bot/teams/verify/verify.ts'
import { configFrom } from '../../../core/config.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import {
  cutJson,
  gzipped,
  hungUp,
  jsonOf,
  pageForPeople,
  rateLimited,
  slowly,
  useOutside,
} from '../../_harness/outside.ts'

const [APP, TENANT] = ['11111111-0000-4000-8000-000000000001', '22222222-0000-4000-8000-000000000002']
// Nothing here names an address of Microsoft's to the program: what the configuration's page shows, and no more.
const config = configFrom({
  environments: { staging: { namespace: 'shop' } },
  teams: { appId: APP, appPassword: 'env:TRUE_TEAMS_PASSWORD', tenants: [TENANT] },
}).teams
const METADATA = 'GET https://login.botframework.com/v1/.well-known/openidconfiguration'
const KEYS = 'GET https://login.botframework.com/v1/.well-known/keys'
const LOGIN = `POST https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token` as const
/** As Teams names it to a bot of one tenant in Europe. */
const SERVICE = `https://smba.trafficmanager.net/emea/${TENANT}/` as const
const CONVERSATIONS = `${SERVICE}v3/conversations` as const
const THREAD = '19:shop@thread.tacv2;messageid=1'
const WRITTEN = encodeURIComponent(THREAD)
const MIRA = 'aaaaaaaa-0000-4000-8000-00000000000a'

const outside = useOutside()
const clock = () => new Date()

describe('who speaks', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const options = (): VerifyOptions => {
    if (!config) throw new Error('the configuration has no Teams')
    const { metadata, tenants, appId } = config
    const keys = createSigningKeys({ metadata, clock, log: silentLogger })
    return { appId, tenants, keys, services: servicesNamedBy(metadata), loopback: isLoopback(metadata), clock }
  }
  const activity = Activity.parse({
    ...{ type: 'message', id: '1', channelId: 'msteams', serviceUrl: SERVICE, text: 'hello' },
    ...{ from: { id: '29:1', aadObjectId: MIRA }, recipient: { id: `28:${APP}` } },
    conversation: { id: THREAD, conversationType: 'channel', tenantId: TENANT },
  })
  const bearer = async () =>
    `Bearer ${await new SignJWT({ serviceurl: SERVICE })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'JWT' })
      .setIssuer('https://api.botframework.com')
      .setAudience(APP)
      .setNotBefore('-1m')
      .setExpirationTime('1h')
      .sign(privateKey)}`
  const metadata = {
    issuer: 'https://api.botframework.com',
    authorization_endpoint: 'https://invalid.botframework.com',
    jwks_uri: 'https://login.botframework.com/v1/.well-known/keys',
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
  }
  const keys = {
    keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', kid: 'k1', x5t: 'k1', endorsements: ['msteams'] }],
  }

  test('is told by the keys that the Bot Framework names at its login', async () => {
    outside.answers(METADATA, () => jsonOf(metadata))
    outside.answers(KEYS, () => gzipped(keys))
    expect(await verifyActivity(activity, await bearer(), options())).toMatchObject({ tenantId: TENANT })
    expect(outside.whats()).toEqual([METADATA, KEYS])
  })

  test('is not known while the metadata name keys of somebody else', async () => {
    outside.answers(METADATA, () => jsonOf({ ...metadata, jwks_uri: 'https://login.botframework.example/keys' }))
    await expect(verifyActivity(activity, await bearer(), options())).rejects.toThrow(
      'names keys at another address (https://login.botframework.example/keys)',
    )
  })

  test.each<[string, () => Response, string]>([
    ['a page', () => pageForPeople(503), 'it answers 503'],
    ['half an answer', () => cutJson(keys), 'JSON'],
    ['a cut connection', hungUp, 'fetch failed'],
  ])('is not known while the keys are %s: worth another try', async (_what, answer, says) => {
    outside.answers(METADATA, () => jsonOf(metadata))
    outside.answers(KEYS, answer)
    await expect(verifyActivity(activity, await bearer(), options())).rejects.toMatchObject({
      ...{ name: 'UpstreamError', retryable: true, message: expect.stringContaining(says) },
    })
  })
})

describe('what is said', () => {
  let adapter: ReturnType<typeof createTeamsAdapter>
  beforeEach(() => {
    if (!config) throw new Error('the configuration has no Teams')
    const [homeTenant = ''] = config.tenants
    const { appId, login, metadata } = config
    adapter = createTeamsAdapter({
      ...{ appId, login, homeTenant, appPassword: 'the password', services: servicesNamedBy(metadata) },
      ...{ loopback: isLoopback(metadata), clock },
    })
    outside.answers(LOGIN, () => jsonOf({ token_type: 'Bearer', expires_in: 3_599, access_token: 'our.own.token' }))
  })
  const place = { serviceUrl: SERVICE, tenantId: TENANT, conversationId: THREAD }
  const hello = { type: 'message', text: 'hello' }

  test('goes to the address of the tenant with a token of its login, which is asked for once', async () => {
    const activities = `${CONVERSATIONS}/${WRITTEN}/activities` as const
    outside.answers(`POST ${activities}`, () => jsonOf({ id: '1763700000000' }, { status: 201 }))
    outside.answers(`PUT ${activities}/1763700000000`, () => jsonOf({ id: '1763700000000' }))
    expect(await adapter.send(place, hello)).toBe('1763700000000')
    await adapter.update(place, '1763700000000', { ...hello, text: 'hello again' })
    expect(outside.whats()).toEqual([LOGIN, `POST ${activities}`, `PUT ${activities}/1763700000000`])
    const [login, post, put] = outside.asked
    expect(Object.fromEntries(new URLSearchParams(login?.text))).toEqual({
      ...{ grant_type: 'client_credentials', client_id: APP, client_secret: 'the password' },
      scope: 'https://api.botframework.com/.default',
    })
    expect(login?.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/)
    for (const call of [post, put]) {
      expect(call?.headers.get('authorization')).toBe('Bearer our.own.token')
      expect(call?.headers.get('content-type')).toBe('application/json')
    }
    expect(JSON.parse(post?.text ?? '')).toMatchObject({ ...hello, from: { id: `28:${APP}` } })
    expect(JSON.parse(put?.text ?? '')).toMatchObject({ id: '1763700000000', text: 'hello again' })
  })

  test('begins a thread in a channel and a chat with somebody', async () => {
    outside.answers(`POST ${CONVERSATIONS}`, ({ text }) =>
      JSON.parse(text).isGroup
        ? jsonOf({ id: '19:shop@thread.tacv2;messageid=7', activityId: '7' }, { status: 201 })
        : jsonOf({ id: 'a:1mira' }, { status: 201 }),
    )
    const channel = { ...place, conversationId: '19:shop@thread.tacv2' }
    expect(await adapter.beginThread(channel, hello)).toEqual({
      threadId: `19:shop@thread.tacv2;messageid=7`,
      activityId: '7',
    })
    expect(await adapter.openChat(place, MIRA)).toBe('a:1mira')
    const [thread, chat] = outside.asked.slice(1).map(({ text }) => JSON.parse(text))
    expect(thread).toMatchObject({
      ...{ isGroup: true, tenantId: TENANT, activity: hello },
      channelData: { channel: { id: '19:shop@thread.tacv2' }, tenant: { id: TENANT } },
    })
    expect(chat).toMatchObject({ isGroup: false, members: [{ id: MIRA }], channelData: { tenant: { id: TENANT } } })
  })

  const MEMBER = { id: '29:1', aadObjectId: MIRA, email: 'mira@shop.example', userRole: 'user', tenantId: TENANT }
  const ABOUT_MIRA = `GET ${CONVERSATIONS}/${WRITTEN}/members/${MIRA}` as const
  const whoIs = () => adapter.connector(SERVICE).conversations.getConversationMember(THREAD, MIRA)

  test.each([
    ['packed', gzipped],
    ['piece by piece', slowly],
  ])('who somebody is is asked there, and read when it comes %s', async (_how, as) => {
    outside.answers(ABOUT_MIRA, () => as(MEMBER))
    expect(await whoIs()).toMatchObject(MEMBER)
  })

  test.each<[string, () => Response, string | RegExp, object?]>([
    [
      'asks to wait',
      () => rateLimited(17, { error: { code: 'TooManyRequests', message: 'slow down' } }),
      'Teams answers 429 (TooManyRequests).',
      { retryAfterMs: 17_000 },
    ],
    ['is down behind its load balancer', () => pageForPeople(502), 'Teams answers 502.'],
    [
      'hides behind the page of a proxy',
      () => pageForPeople(200),
      'Teams answers something else than it was asked. Is there a proxy in between?',
    ],
    [
      'stops in the middle',
      () => cutJson(MEMBER),
      'Teams answers something else than it was asked. Is there a proxy in between?',
    ],
    ['hangs up', hungUp, /^Teams does not answer \(/],
    ['cannot be reached', () => HttpResponse.error(), /^Teams does not answer \(/],
    [
      'sends us on',
      () => new HttpResponse(null, { status: 302, headers: { location: 'https://thief.example/' } }),
      /^Teams does not answer \(/,
    ],
  ])('Teams %s: said in a sentence, once, and worth another try', async (_what, answer, says, more = {}) => {
    outside.answers(ABOUT_MIRA, answer)
    await expect(whoIs()).rejects.toMatchObject({
      ...{ name: 'UpstreamError', service: 'teams', retryable: true },
      ...{ message: typeof says === 'string' ? says : expect.stringMatching(says), ...more },
    })
    expect(outside.whats()).toEqual([LOGIN, ABOUT_MIRA])
  })
})
