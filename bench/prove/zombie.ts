import { openAsker } from './crash/asking.ts'
import { hasDoubled } from './crash/deaths.ts'
import { openOutside } from './crash/outside.ts'
import { emptyPlace } from './crash/place.ts'
import { judge, triedIn } from './crash/verdict.ts'
import { randomFrom } from './frame/random.ts'
import { type Breach, type ProveOptions, prover } from './prover.ts'
import { haunt } from './zombie/haunt.ts'
import { ZOMBIE_SABOTAGES } from './zombie/sabotages.ts'
import { lateWrites, unfinished, watchFences } from './zombie/watch-fences.ts'

const FENCED = 'a worker that lost its lock writes nothing more: its writes to the store are refused by the fence'
const OVER = 'every change comes to its end though its worker was paused'
const SETTLE_MS = 60_000

async function prove({ seed, runs, backend, surface, sabotage, say }: ProveOptions) {
  const place = await emptyPlace(backend)
  const outside = await openOutside()
  const asker = await openAsker(surface)
  try {
    if (place.store.backend !== 'postgres')
      throw new Error('The embedded program is alone: it has no other worker that could be late.')
    const { url } = place.store
    await watchFences(url)
    const haunted = await haunt({
      ...{ place, outside, asker, pauses: runs, random: randomFrom(seed), say },
      settleMs: sabotage ? SETTLE_MS / 4 : SETTLE_MS,
      unfinished: () => unfinished(url),
      takenOver: async () => (await lateWrites(url)).takenOver,
      found: async () => hasDoubled(outside) || (await lateWrites(url)).breaches.length > 0,
    })
    const late = await lateWrites(url)
    const judged = await judge(haunted.asked, place.store, outside, asker.chat)
    const breaches: Breach[] = late.breaches.slice(0, 5).map((what) => ({ promise: FENCED, what }))
    breaches.push(...judged.breaches)
    if (haunted.settledMs === undefined)
      breaches.push({
        promise: OVER,
        what: `operations were still open: ${haunted.said.slice(-400) || 'nobody said why'}`,
      })
    const { conflicts } = outside.deployments
    say(
      `${haunted.paused} workers paused for twice their lock in the middle of ${haunted.asked.length} changes: ${late.takenOver} taken over by another, ${conflicts} late writes refused outside, ${late.breaches.length} let through by the store; ${judged.lost} lost, ${judged.twice} twice.`,
    )
    // What nobody was late for proves nothing.
    if (breaches.length === 0 && late.takenOver === 0)
      throw new Error('No paused worker had an operation taken from it: this proves nothing.')
    return {
      tried: {
        pauses: haunted.paused,
        atPoint: haunted.atPoint,
        operations: haunted.asked.length,
        takenOver: late.takenOver,
        ...triedIn(judged),
      },
      breaches,
      figures: {
        ...{ lost: judged.lost, twice: judged.twice, needHuman: judged.needHuman, succeeded: judged.succeeded },
        ...{ refusedOutside: conflicts, letThroughByStore: late.breaches.length },
      },
    }
  } finally {
    await outside.close()
    await place.close()
    await asker.close()
  }
}

export default prover({
  name: 'zombie',
  proves:
    'a worker paused for twice its lock and let go again writes nothing late: the store refuses it by the fence, the outside by the precondition. The lock is 1 s here (by the options of door and queue), so that many fit into the time.',
  backends: ['postgres', 'redis'],
  runs: { long: 200, short: 6 },
  overChat: { short: 3 },
  sabotages: ZOMBIE_SABOTAGES,
  prove,
})
