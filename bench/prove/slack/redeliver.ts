import { setTimeout as delay } from 'node:timers/promises'
import type { SignedRequest } from '../../../test/bot/slack/signed.ts'
import { inLanes } from '../../places.ts'
import { type Random, randomFrom } from '../frame/random.ts'
import type { ProveOptions } from '../prover.ts'
import { judgeEffects } from './effects.ts'
import { type Event, eventNumber } from './event.ts'
import type { Workspace } from './workspace.ts'

const TIMES = 4
const LANES = 24
const AT_ONCE = 50
/** What is said and not yet answered: people do not say more at once, and the intake takes no more than its bound. */
const MOST_OPEN = 400
const PATIENCE_MS = 90_000
/** Deliveries are signed from this long ago on. */
const EARLIEST_MS = 60_000

export async function post(address: string, { body, headers }: SignedRequest): Promise<number> {
  const answer = await fetch(`${address}/slack/events`, { method: 'POST', headers, body })
  await answer.arrayBuffer()
  return answer.status
}

/** Events that come four times each, in any order, to any of the programs; one of them fifty times at once, as it is. */
export async function redeliver(
  workspace: Workspace,
  addresses: readonly string[],
  count: number,
  { seed, say, sabotage }: ProveOptions,
) {
  const random = randomFrom(seed)
  const events = Array.from({ length: count }, (_, index) => eventNumber(index, random))
  const anywhere = () => random.pick(addresses)
  const captured = eventNumber(count, random)
  const same = captured.signed(Date.now())
  const first = await Promise.all(Array.from({ length: AT_ONCE }, () => post(anywhere(), same)))
  if (!first.includes(200)) throw new Error(`A good event was answered ${first[0]}.`)

  const deliveries = shuffled(
    events.flatMap((event) => Array.from({ length: TIMES }, () => event)),
    random,
  )
  const signedAt = new Map<Event, number>()
  // Every delivery is signed anew, a second after the last one or more; within its window.
  const signAt = (event: Event) => {
    const at = Math.max((signedAt.get(event) ?? 0) + 1_000, Date.now() - EARLIEST_MS)
    signedAt.set(event, at)
    return at
  }
  const open = new Set<Event>()
  const isAnswered = ({ channel }: Event) => workspace.postsIn(channel).length > 0
  await inLanes(LANES, deliveries.length, async (index) => {
    const event = deliveries[index]
    if (!event) return
    for (const until = Date.now() + PATIENCE_MS; open.size >= MOST_OPEN && Date.now() < until; await delay(10))
      for (const one of open) if (isAnswered(one)) open.delete(one)
    const status = await post(anywhere(), event.signed(signAt(event)))
    if (status !== 200) throw new Error(`A good event was answered ${status}.`)
    if (!isAnswered(event)) open.add(event)
  })
  const judged = await judgeEffects(workspace, [captured, ...events], sabotage ? PATIENCE_MS / 3 : PATIENCE_MS)
  say(
    `${count} events, each delivered ${TIMES} times, and one ${AT_ONCE} times at once: ${judged.often} had more than one effect, ${judged.never} none.`,
  )
  return { breaches: judged.breaches, tried: { events: count, deliveries: deliveries.length + AT_ONCE } }
}

export function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((value) => ({ value, at: random.fraction() }))
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value)
}
