import { setTimeout as delay } from 'node:timers/promises'
import { type SignedRequest, signedPayload } from '../../../test/bot/slack/signed.ts'
import { inLanes } from '../../places.ts'
import { randomFrom } from '../frame/random.ts'
import type { Breach, ProveOptions } from '../prover.ts'
import { AT_ONCE, Interaction, KINDS } from './interaction.ts'
import { post, shuffled } from './redeliver.ts'
import type { Workspace } from './workspace.ts'

const TIMES = 4
const LANES = 12
const PATIENCE_MS = 90_000
const EARLIEST_MS = 60_000
/** A second card in a channel comes a second after the first; then it has come. */
const SETTLE_MS = 3_000
const MOST_TOLD = 3
const ONCE = 'one click or one dialog has one effect, however often it comes'

/** Clicks and dialogs that come four times each, in any order, to any of the programs. */
export async function interactOften(
  workspace: Workspace,
  addresses: readonly string[],
  count: number,
  { seed, say, sabotage }: ProveOptions,
) {
  const random = randomFrom(seed + 1)
  const patienceMs = sabotage ? PATIENCE_MS / 3 : PATIENCE_MS
  const all = Array.from({ length: count }, (_, index) => {
    const kind = KINDS[index % KINDS.length]
    if (!kind) throw new Error('There is nothing to click.')
    return new Interaction(index, kind)
  })
  const send = async (request: SignedRequest) => {
    const status = await post(random.pick(addresses), request)
    if (status !== 200) throw new Error(`A good interaction was answered ${status}.`)
  }
  const breaches: Breach[] = []
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = all.slice(from, from + AT_ONCE)
    await inLanes(LANES, some.length, async (at) => some[at] && send(some[at].opening()))
    await until(
      () => some.every((one) => one.isReady(workspace)),
      patienceMs,
      () => some.filter((one) => !one.isReady(workspace)).map((one) => `no card to click in ${one.kind.name}`),
    )
    await inLanes(LANES, some.length, async (at) => {
      const opening = some[at]?.opens(workspace)
      if (opening) await send(opening)
    })
    await until(
      () => some.every((one) => one.isOpen(workspace)),
      patienceMs,
      () => some.filter((one) => !one.isOpen(workspace)).map((one) => `no dialog in ${one.kind.name}`),
    )
    const now = Date.now()
    // Each is signed anew, a second after the one before.
    const deliveries = some.flatMap((one) => {
      const body = one.delivered(workspace)
      return Array.from({ length: TIMES }, (_, time) => signedPayload(body, { at: now - EARLIEST_MS + time * 1_000 }))
    })
    const mixed = shuffled(deliveries, random)
    await inLanes(LANES, mixed.length, async (at) => mixed[at] && send(mixed[at]))
    await until(() => some.every((one) => faultOf(workspace, one) === undefined), patienceMs)
    await delay(SETTLE_MS)
    for (const one of some) {
      const fault = faultOf(workspace, one)
      if (fault) breaches.push({ promise: ONCE, what: fault })
    }
  }
  say(`${count} clicks and dialogs, each delivered ${TIMES} times: ${breaches.length} had not one effect.`)
  return { breaches: breaches.slice(0, MOST_TOLD), tried: { interactions: count } }
}

/** Throws with what `missing` says when it does not come about; without it, who asks looks for themselves. */
async function until(is: () => boolean, patienceMs: number, missing?: () => readonly string[]): Promise<void> {
  for (const end = Date.now() + patienceMs; !is(); await delay(50)) {
    if (Date.now() < end) continue
    if (missing) throw new Error(`It did not come to a click within ${patienceMs / 1_000} s: ${missing()[0]}.`)
    return
  }
}

function faultOf(workspace: Workspace, { channel, kind }: Interaction): string | undefined {
  const posts = workspace.postsIn(channel)
  const operations = new Set(posts.flatMap(({ metadata }) => operationIn(metadata) ?? []))
  const { expected } = kind
  if (posts.length !== expected.posts)
    return `${kind.name} in ${channel}: ${posts.length} cards in place of ${expected.posts}`
  if (operations.size !== expected.operations)
    return `${kind.name} in ${channel}: ${operations.size} operations in place of ${expected.operations}`
  if (!posts.some(({ text }) => expected.says.test(text)))
    return `${kind.name} in ${channel}: no card says ${expected.says}, but ${posts.at(-1)?.text.slice(0, 120)}`
  return undefined
}

function operationIn(metadata: unknown): string | undefined {
  // Our own: see bot/slack/send/surface.ts.
  const { event_payload: payload } = metadata as { readonly event_payload?: { readonly operation?: string } }
  return payload?.operation
}
