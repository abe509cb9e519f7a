import { setTimeout as delay } from 'node:timers/promises'
import { randomFrom } from './frame/random.ts'
import { type Breach, type ProveOptions, prover } from './prover.ts'
import { activityOf, FORGERIES } from './teams-tokens/forgeries.ts'
import { openStation, type Station } from './teams-tokens/station.ts'

const VERIFY = 'bot/teams/verify/verify.ts'
const NOTHING_TAKEN = 'no forged activity is taken'
const NO_CALL = 'nothing is sent to an attacker'
const ONCE = 'an activity that comes again does nothing'
const MOST_TOLD = 3
const PATIENCE_MS = 10_000

const self = prover({
  name: 'teams-tokens',
  proves:
    'no forged token of the Bot Framework is taken, no attacker’s address is called, and a replayed activity does nothing',
  backends: ['pglite'],
  // Mutations of each kind of forgery.
  runs: { long: 1_000, short: 24 },
  sabotages: [
    {
      name: 'signature-unread',
      breaks: 'a token is signed by the Bot Framework',
      file: VERIFY,
      find: 'await jwtVerify(token, key, {',
      replace:
        "await (async (text: string, ..._rest: unknown[]) => ({ payload: JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) }))(token, key, {",
    },
    {
      name: 'any-issuer',
      breaks: 'the issuer is the Bot Framework',
      file: VERIFY,
      find: 'issuer: options.services,',
      replace: '',
    },
    {
      name: 'any-audience',
      breaks: 'the token is for us',
      file: VERIFY,
      find: 'audience: options.appId,',
      replace: '',
    },
    {
      name: 'any-time',
      breaks: 'tokens end',
      file: VERIFY,
      find: 'clockTolerance: SKEW_S,',
      replace: 'clockTolerance: 1e10,',
    },
    {
      name: 'any-tenant',
      breaks: 'only tenants on the list speak',
      file: VERIFY,
      find: 'if (!tenantId || !options.tenants.includes(tenantId))',
      replace: 'if (!tenantId)',
    },
    {
      name: 'either-tenant',
      breaks: 'a tenant is said once, or twice the same',
      file: 'bot/teams/activity.ts',
      find: 'said.every((id) => id === said[0]) ?',
      replace: 'said.length > 0 ?',
      runs: 60,
    },
    {
      name: 'endorsed-unless-said',
      breaks: 'a key speaks for its channels only',
      file: VERIFY,
      find: 'if (!endorsements.includes(CHANNEL))',
      replace: 'if (endorsements.length > 0 && !endorsements.includes(CHANNEL))',
    },
    {
      name: 'any-service',
      breaks: 'answers go where the token says',
      file: VERIFY,
      find: "typeof serviceUrl !== 'string' || !sameService(serviceUrl, activity.serviceUrl)",
      replace: "typeof serviceUrl !== 'string'",
    },
    {
      name: 'any-host',
      breaks: 'answers go to Microsoft only',
      file: VERIFY,
      find: 'if (!isKnownService(activity.serviceUrl, options))',
      replace: 'if (!activity.serviceUrl)',
    },
    {
      name: 'any-bot',
      breaks: 'what is for another bot is not for us',
      file: VERIFY,
      find: 'activity.recipient.id !== botId(options.appId)',
      replace: '!activity.recipient.id',
    },
    {
      name: 'any-channel',
      breaks: 'only Teams speaks here',
      file: VERIFY,
      find: 'if (activity.channelId !== CHANNEL)',
      replace: 'if (!activity)',
    },
    {
      name: 'forgetful',
      breaks: 'a replayed activity does nothing',
      file: 'bot/teams/receive/router.ts',
      find: 'if (before) return before',
      replace: '',
    },
  ],
  async prove(options) {
    const station = await openStation()
    try {
      const forged = await forgeOften(station, options)
      const replayed = await replayOften(station, options)
      return { tried: { ...forged.tried, ...replayed.tried }, breaches: [...forged.breaches, ...replayed.breaches] }
    } finally {
      await station.close()
    }
  },
})
export default self

async function forgeOften(station: Station, { seed, runs, say, sabotage }: ProveOptions) {
  const breaches: Breach[] = []
  const tried: Record<string, number> = {}
  for (const [kind, forge] of Object.entries(FORGERIES)) {
    for (let index = 0; index < runs; index++) {
      const random = randomFrom(seed + index)
      const { activity, authorization } = await forge(station, random)
      const status = await station.send(activity, authorization)
      if (![400, 401, 403].includes(status) && breaches.length < MOST_TOLD)
        breaches.push({ promise: NOTHING_TAKEN, what: `${kind} was answered ${status}`, seed: seed + index })
      tried[kind] = index + 1
      if (sabotage && breaches.length > 0) break
    }
    // One that is good goes through after all of them: what was refused was not refused by chance.
    await goodOne(station, seed)
  }
  const forgedTaken = station.taken.filter((text) => !text.startsWith('good ')).length
  if (forgedTaken > 0)
    breaches.push({ promise: NOTHING_TAKEN, what: `${forgedTaken} forged activities reached the conversation` })
  const { calls } = station.attacker
  if (calls.length > 0)
    breaches.push({ promise: NO_CALL, what: `the attacker was called: ${calls.slice(0, 3).join(', ')}` })
  const count = Object.values(tried).reduce((sum, one) => sum + one, 0)
  say(
    `${count} forgeries of ${Object.keys(tried).length} kinds; ${forgedTaken} were taken, ${calls.length} calls to the attacker.`,
  )
  return { breaches, tried }
}

/** Says something good; rejects when it is not taken, because then nothing was proved. */
async function goodOne(station: Station, seed: number): Promise<void> {
  const text = `good ${station.taken.length}`
  const activity = { ...activityOf(station, randomFrom(seed)), type: 'message', text, value: undefined }
  const status = await station.send(activity, `Bearer ${await station.teams.token()}`)
  if (status !== 202) throw new Error(`A good activity was answered ${status}.`)
  for (const until = Date.now() + PATIENCE_MS; !station.taken.includes(text); await delay(2))
    if (Date.now() > until) throw new Error('A good activity was acknowledged and did not reach the conversation.')
}

/** Each captured activity again and again, at once and with other words, with its own token and with a newer one. */
async function replayOften(station: Station, { seed, runs, say }: ProveOptions) {
  const breaches: Breach[] = []
  for (let index = 0; index < runs && breaches.length < MOST_TOLD; index++) {
    const random = randomFrom(seed + index)
    const text = `replay ${index}`
    const activity = { ...activityOf(station, random), type: 'message', text, value: undefined }
    const token = await station.teams.token()
    const again = async () => {
      const other = random.below(3) === 0 ? { ...activity, text: `replay ${index} with other words` } : activity
      return station.send(other, `Bearer ${random.below(2) === 0 ? token : await station.teams.token()}`)
    }
    await station.send(activity, `Bearer ${token}`)
    await Promise.all([again(), again(), again(), again()])
    await goodOne(station, seed)
    const effects = station.taken.filter((one) => one === text || one.startsWith(`${text} with`)).length
    if (effects !== 1)
      breaches.push({ promise: ONCE, what: `one activity sent 5 times did ${effects} things`, seed: seed + index })
  }
  say(`${runs} activities sent 5 times each.`)
  return { breaches, tried: { 'replayed activities': runs } }
}
