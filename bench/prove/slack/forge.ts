import { inLanes } from '../../places.ts'
import { type Random, randomFrom } from '../frame/random.ts'
import type { Breach, ProveOptions } from '../prover.ts'
import type { Gate } from './gate.ts'
import { goodOne, MUTATIONS } from './mutations.ts'

const NOTHING_TAKEN = 'nothing is taken that Slack did not sign within five minutes'
const ONCE = 'what somebody captured and sends again is not taken'
const MOST_TOLD = 3
const LANES = 12
/** After so many one that is good, so that what was refused was not refused by chance. */
const GOOD_AFTER = 250
const AT_ONCE = 50
const MINUTE_MS = 60_000

/** So many requests, each changed in one of the ways; the gate has to refuse them all. */
export async function forgeOften(gate: Gate, { seed, runs, say, sabotage }: ProveOptions) {
  const kinds = Object.entries(MUTATIONS)
  const breaches: Breach[] = []
  const tried: Record<string, number> = {}
  const before = gate.taken
  let good = 0
  await inLanes(LANES, runs, async (index) => {
    if (sabotage && breaches.length > 0) return
    const random = randomFrom(seed + index)
    const [kind, mutate] = kinds[index % kinds.length] ?? []
    if (!kind || !mutate) return
    const status = await gate.send(mutate(random))
    if (status !== 401 && breaches.length < MOST_TOLD)
      breaches.push({ promise: NOTHING_TAKEN, what: `${kind} was answered ${status}`, seed: seed + index })
    tried[kind] = (tried[kind] ?? 0) + 1
    if (index % GOOD_AFTER > 0) return
    good++
    const answered = await gate.send(goodOne(random))
    if (answered !== 200) throw new Error(`A good request was answered ${answered}.`)
  })
  const forged = gate.taken - before - good
  if (forged > 0) breaches.push({ promise: NOTHING_TAKEN, what: `${forged} forged requests were let through` })
  say(`${runs} requests changed in ${kinds.length} ways; ${forged} were taken, and all ${good} good ones between them.`)
  return { breaches, tried }
}

/** Each request at once from everywhere, and once more when the clock has gone on. */
export async function replayOften(gate: Gate, { seed, say, sabotage, short }: ProveOptions) {
  const rounds = short ? 5 : 100
  const breaches: Breach[] = []
  let round = 0
  for (; round < rounds && breaches.length < (sabotage ? 1 : MOST_TOLD); round++) {
    const own = seed + round
    const what = (await sendAtOnce(gate, randomFrom(own))) ?? (await sendLater(gate, randomFrom(own + rounds)))
    if (what) breaches.push({ promise: ONCE, what, seed: own })
  }
  say(`${round} requests sent ${AT_ONCE} times at once, and ${round} sent again until nobody's clock lets them in.`)
  return { breaches, tried: { 'sent at once': round * AT_ONCE, 'sent again later': round * LATER_MIN.length } }
}

async function sendAtOnce(gate: Gate, random: Random): Promise<string | undefined> {
  const request = goodOne(random, { at: Date.now() + gate.aheadMs })
  const before = gate.taken
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => gate.send(request)))
  const accepted = answers.filter((status) => status === 200).length
  if (accepted === 0) throw new Error('A good request was refused.')
  const effects = gate.taken - before
  return accepted === 1 && effects === 1
    ? undefined
    : `one request sent ${AT_ONCE} times at once was taken ${effects} times and accepted ${accepted} times`
}

/** Slack's clock may be before ours: a request is then valid for twice as long as one from now. */
const LATER_MIN = [1, 4, 6, 9, 11]

async function sendLater(gate: Gate, random: Random): Promise<string | undefined> {
  const request = goodOne(random, { at: Date.now() + gate.aheadMs + 4.5 * MINUTE_MS })
  const began = gate.aheadMs
  if ((await gate.send(request)) !== 200) throw new Error('A good request was refused.')
  for (const minutes of LATER_MIN) {
    gate.aheadMs = began + minutes * MINUTE_MS
    // What comes meanwhile makes it forget what is old.
    const other = goodOne(random, { at: Date.now() + gate.aheadMs })
    if ((await gate.send(other)) !== 200) throw new Error('A good request was refused.')
    const status = await gate.send(request)
    if (status !== 401) return `one request was answered ${status} when it came again after ${minutes} min`
  }
  return undefined
}
