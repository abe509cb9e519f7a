import { setTimeout as delay } from 'node:timers/promises'
import type { Breach } from '../prover.ts'
import type { Event } from './event.ts'
import type { Workspace } from './workspace.ts'

const ONCE = 'one event has one effect, however often it comes'
const ANSWERED = 'what was acknowledged has its card'
const MOST_TOLD = 3
/** A second card in a channel comes a second after the first; then it has come. */
const SETTLE_MS = 3_000

/** Waits for the card of each event, and for those that there should not be. */
export async function judgeEffects(workspace: Workspace, events: readonly Event[], patienceMs: number) {
  const cards = ({ channel }: Event) => workspace.postsIn(channel).length
  for (const until = Date.now() + patienceMs; events.some((event) => cards(event) === 0); await delay(50))
    if (Date.now() > until) break
  await delay(SETTLE_MS)
  const often = events.filter((event) => cards(event) > 1)
  const never = events.filter((event) => cards(event) === 0)
  const breaches: Breach[] = [
    ...often.slice(0, MOST_TOLD).map((event) => ({
      promise: ONCE,
      what: `the event in ${event.channel} has ${cards(event)} cards`,
    })),
    ...never.slice(0, MOST_TOLD).map((event) => ({
      promise: ANSWERED,
      what: `the event in ${event.channel} has no card`,
    })),
  ]
  return { breaches, often: often.length, never: never.length }
}
