import { createHmac, randomUUID } from 'node:crypto'
import { APP_ID, TENANT } from '../../../test/_harness/fake-teams.ts'
import { type FakeKey, newKey } from '../../../test/_harness/fake-teams-keys.ts'
import type { Random } from '../frame/random.ts'
import { SPEAKER, type Station } from './station.ts'

/** A request that should do nothing. */
export interface Forgery {
  readonly activity: Record<string, unknown>
  readonly authorization: string | undefined
}
export type Forge = (station: Station, random: Random) => Promise<Forgery>

type Claims = Readonly<Record<string, unknown>>

const strange = newKey(['msteams'])
const OTHER_ID = '99999999-0000-4000-8000-000000000009'
const seconds = () => Math.floor(Date.now() / 1_000)

/** What somebody of the tenant says in their own chat, in many spellings. */
export function activityOf({ teams }: Station, random: Random, more: Claims = {}): Record<string, unknown> {
  const personal = { id: `a:${SPEAKER}`, conversationType: 'personal', tenantId: TENANT }
  const text = `forged ${randomUUID()}`
  const kinds = [{ type: 'message', text }, { type: 'message', text, textFormat: 'plain', value: {} }, click()]
  return {
    ...random.pick(kinds),
    id: `f:${randomUUID()}`,
    channelId: 'msteams',
    serviceUrl: teams.serviceUrl,
    from: { id: `29:${SPEAKER}`, aadObjectId: SPEAKER },
    recipient: { id: `28:${APP_ID}` },
    conversation: personal,
    channelData: { tenant: { id: TENANT } },
    ...more,
  }
}

const click = () => {
  const data = { deliveryId: 'dl-forged', verb: 'approve', payload: {} }
  return { type: 'invoke', name: 'adaptiveCard/action', value: { action: { verb: 'approve', data } } }
}

/** Claims that mean nothing, between those that do. */
const noise = (random: Random): Claims =>
  Object.fromEntries(Array.from({ length: random.below(4) }, () => [random.pick(NOISE), random.pick(VALUES)]))
const NOISE = ['jti', 'iat', 'azp', 'roles', 'scp', 'x', 'appid', 'tid', 'ver']
const VALUES = ['1', 2, true, null, APP_ID, 'https://api.botframework.com', ['msteams']]

const bearer = (token: string): string => `Bearer ${token}`
const signed =
  (claims: (random: Random, station: Station) => Claims, key?: (station: Station, random: Random) => FakeKey): Forge =>
  async (station, random) => ({
    activity: activityOf(station, random),
    authorization: bearer(
      await station.teams.token({ ...noise(random), ...claims(random, station) }, key?.(station, random)),
    ),
  })
/** A good token, and an activity that it is not good for. */
const about =
  (more: (random: Random, station: Station) => Claims): Forge =>
  async (station, random) => ({
    activity: activityOf(station, random, more(random, station)),
    authorization: bearer(await station.teams.token(noise(random))),
  })

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')
const claimsOf = async (station: Station) => (await station.teams.token()).split('.')[1] ?? ''
const withHeader =
  (
    header: (station: Station, random: Random) => object,
    sign: (text: string, station: Station, random: Random) => string,
  ): Forge =>
  async (station, random) => {
    const text = `${part(header(station, random))}.${await claimsOf(station)}`
    return { activity: activityOf(station, random), authorization: bearer(`${text}.${sign(text, station, random)}`) }
  }

/** The public key in each form that somebody may have taken for a shared secret. */
const publicForms = ({ teams }: Station): readonly (string | Buffer)[] => {
  const { publicKey } = teams.key
  const jwk = publicKey.export({ format: 'jwk' })
  return [
    publicKey.export({ format: 'pem', type: 'spki' }),
    publicKey.export({ format: 'pem', type: 'pkcs1' }),
    publicKey.export({ format: 'der', type: 'spki' }),
    JSON.stringify(jwk),
    jwk.n ?? '',
    Buffer.from(jwk.n ?? '', 'base64url'),
    teams.key.kid,
  ]
}

/** Addresses that look like Microsoft's, and one that the attacker hears. */
const lookAlikes = ({ attacker }: Station): readonly string[] => [
  attacker.url.replace('127.0.0.1', 'attacker.127.0.0.1.example'),
  'https://smba.trafficmanager.net.evil.example/emea/',
  'https://evilsmba.trafficmanager.net/emea/',
  'https://smba.trafficmanager.net@evil.example/emea/',
  'https://evil.example/smba.trafficmanager.net/',
  'https://evilbotframework.com/',
  'http://smba.trafficmanager.net/emea/',
  'https://smba.trafficmanager.net:8443/emea/',
  'https://smba.trafficmanager.net/emea/?x=1',
  'https://10.0.0.1/',
  'ftp://smba.trafficmanager.net/',
  'smba.trafficmanager.net',
  '',
]

const flipped = (text: string, random: Random): string => {
  const at = random.below(text.length - 2)
  const other = text[at] === 'A' ? 'B' : 'A'
  return text.slice(0, at) + other + text.slice(at + 1)
}

export const FORGERIES: Readonly<Record<string, Forge>> = {
  'no algorithm': withHeader(
    ({ teams }, random) => ({
      alg: random.pick(['none', 'None', 'NONE', 'nOnE', '', null]),
      kid: teams.key.kid,
      typ: 'JWT',
    }),
    (_text, _station, random) => random.pick(['', 'e30', 'AAAA']),
  ),
  'HS256 with the public key': withHeader(
    ({ teams }, random) => ({ alg: random.pick(['HS256', 'HS256', 'RS256', 'hs256']), kid: teams.key.kid, typ: 'JWT' }),
    (text, station, random) =>
      createHmac('sha256', random.pick(publicForms(station)))
        .update(text)
        .digest('base64url'),
  ),
  'a key in the header': async (station, random) => {
    const jwk = strange.publicKey.export({ format: 'jwk' })
    const where = random.pick([
      { jwk },
      { jku: `${station.attacker.url}/keys` },
      { x5u: `${station.attacker.url}/x5u` },
    ])
    const kid = random.pick([station.teams.key.kid, strange.kid])
    const token = await station.teams.token(noise(random), { ...strange, kid }, where)
    return { activity: activityOf(station, random), authorization: bearer(token) }
  },
  'wrong issuer': signed((random) => ({
    iss: random.pick([
      'https://api.botframework.com/',
      'https://api.botframework.us',
      'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/',
      `https://login.microsoftonline.com/${TENANT}/v2.0`,
      ['https://api.botframework.com'],
      undefined,
    ]),
  })),
  'wrong audience': signed((random) => ({
    aud: random.pick([
      OTHER_ID,
      [OTHER_ID, APP_ID],
      [APP_ID],
      `28:${APP_ID}`,
      'https://api.botframework.com',
      undefined,
    ]),
  })),
  'wrong tenant': about((random) => {
    const [one, two] = random.pick([
      [OTHER_ID, OTHER_ID],
      [OTHER_ID, TENANT],
      [TENANT, OTHER_ID],
      [undefined, OTHER_ID],
      [undefined, undefined],
      [`${TENANT} `, undefined],
    ])
    const conversation = { id: `a:${SPEAKER}`, conversationType: 'personal', tenantId: one }
    return { conversation, channelData: two ? { tenant: { id: two } } : {} }
  }),
  expired: signed((random) => ({
    nbf: seconds() - 90_000,
    exp: random.pick([seconds() - 301 - random.below(86_000), 0, -1, undefined, `${seconds() + 900}`]),
  })),
  'from the future': signed((random) => ({
    nbf: random.pick([seconds() + 330 + random.below(86_000), undefined, `${seconds() - 900}`]),
    exp: seconds() + 200_000,
  })),
  'an unknown key': signed(
    () => ({}),
    (_station, random) => ({ ...strange, kid: random.pick([strange.kid, randomUUID(), '', '../keys', '__proto__']) }),
  ),
  'a known name on another key': signed(
    () => ({}),
    ({ teams }) => ({ ...strange, kid: teams.key.kid }),
  ),
  'a swapped service address': about((random, { attacker, teams }) => ({
    serviceUrl: random.pick([
      attacker.url,
      `${attacker.url}/emea/`,
      `${teams.serviceUrl}../../${random.below(9)}`,
      'https://smba.trafficmanager.net/emea/',
      teams.serviceUrl.replace('127.0.0.1', 'localhost'),
    ]),
  })),
  'a service address of nobody we know': async (station, random) => {
    const serviceurl = random.pick(lookAlikes(station))
    const authorization = bearer(await station.teams.token({ ...noise(random), serviceurl }))
    return { activity: activityOf(station, random, { serviceUrl: serviceurl }), authorization }
  },
  'a key that may not speak for Teams': signed(
    () => ({}),
    ({ teams }, random) => random.pick(teams.keys.slice(1)),
  ),
  'changed after it was signed': async (station, random) => {
    const [header = '', claims = '', signature = ''] = (await station.teams.token()).split('.')
    const later = { ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), exp: seconds() + 10 ** 6 }
    const token = random.pick([
      `${header}.${part(later)}.${signature}`,
      `${header}.${claims}.${flipped(signature, random)}`,
      `${header}.${flipped(claims, random)}.${signature}`,
    ])
    return { activity: activityOf(station, random), authorization: bearer(token) }
  },
  'another channel': about((random) => ({
    channelId: random.pick(['emulator', 'webchat', 'MSTEAMS', 'msteams ', 'directline', '']),
  })),
  'for another bot': about((random) => ({
    recipient: { id: random.pick([`28:${OTHER_ID}`, APP_ID, '28:', `29:${APP_ID}`]) },
  })),
  'no token where one should be': async (station, random) => {
    const token = await station.teams.token()
    const spoiled = [
      undefined,
      '',
      'Bearer',
      `Basic ${token}`,
      token,
      `Bearer ${token} x`,
      `Bearer ${token}.x`,
      'Bearer a.b.c',
    ]
    return { activity: activityOf(station, random), authorization: random.pick(spoiled) }
  },
}
