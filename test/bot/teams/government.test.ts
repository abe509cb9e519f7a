import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { Activity } from '../../../bot/teams/activity.ts'
import { createTeamsAdapter } from '../../../bot/teams/connector/adapter.ts'
import { servicesNamedBy } from '../../../bot/teams/verify/service-hosts.ts'
import { createSigningKeys } from '../../../bot/teams/verify/signing-keys.ts'
import { verifyActivity } from '../../../bot/teams/verify/verify.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { jsonOf, useOutside } from '../../_harness/outside.ts'

/** Microsoft's cloud for the government of the United States (GCC High), as its own library names it. */
const METADATA = 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration'
const [APP, TENANT] = ['11111111-0000-4000-8000-000000000001', '22222222-0000-4000-8000-000000000002']
const SERVICE = 'https://smba.infra.gov.teams.microsoft.us/gov/' as const
const outside = useOutside()
const clock = () => new Date()
const services = servicesNamedBy(METADATA)

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const bearer = async (issuer: string) =>
  `Bearer ${await new SignJWT({ serviceurl: SERVICE })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(APP)
    .setNotBefore('-1m')
    .setExpirationTime('1h')
    .sign(privateKey)}`

test('in the government’s cloud the tokens are issued, and asked for, under another name', async () => {
  outside.answers(`GET ${METADATA}`, () =>
    jsonOf({
      issuer: 'https://api.botframework.us',
      jwks_uri: 'https://login.botframework.azure.us/v1/.well-known/keys',
    }),
  )
  outside.answers('GET https://login.botframework.azure.us/v1/.well-known/keys', () =>
    jsonOf({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', endorsements: ['msteams'] }] }),
  )
  const activity = Activity.parse({
    ...{ type: 'message', id: '1', channelId: 'msteams', serviceUrl: SERVICE, text: 'hello' },
    ...{ from: { id: '29:1' }, recipient: { id: `28:${APP}` } },
    conversation: { id: 'a:1', conversationType: 'personal', tenantId: TENANT },
  })
  const keys = createSigningKeys({ metadata: METADATA, clock, log: silentLogger })
  const options = { appId: APP, tenants: [TENANT], keys, services, loopback: false, clock }
  expect(await verifyActivity(activity, await bearer('https://api.botframework.us'), options)).toMatchObject({
    tenantId: TENANT,
  })
  // What the other cloud issues is nothing here.
  await expect(verifyActivity(activity, await bearer('https://api.botframework.com'), options)).rejects.toThrow('token')

  const login = `POST https://login.microsoftonline.us/${TENANT}/oauth2/v2.0/token` as const
  outside.answers(login, () => jsonOf({ expires_in: 3_599, access_token: 'our.own.token' }))
  outside.answers(`POST ${SERVICE}v3/conversations/a%3A1/activities`, () => jsonOf({ id: '7' }))
  const adapter = createTeamsAdapter({
    ...{ appId: APP, appPassword: 'the password', login: 'https://login.microsoftonline.us', homeTenant: TENANT },
    ...{ services, loopback: false, clock },
  })
  await adapter.send(
    { serviceUrl: SERVICE, tenantId: TENANT, conversationId: 'a:1' },
    { type: 'message', text: 'hello' },
  )
  const asked = outside.asked.find(({ what }) => what === login)
  expect(new URLSearchParams(asked?.text).get('scope')).toBe('https://api.botframework.us/.default')
})
