import { openAsker } from './crash/asking.ts'
import { openOutside } from './crash/outside.ts'
import { emptyPlace } from './crash/place.ts'
import { QUICK } from './crash/times.ts'
import { judge, triedIn } from './crash/verdict.ts'
import { randomFrom } from './frame/random.ts'
import { type Breach, type ProveOptions, prover } from './prover.ts'
import { startPrivateRedis } from './queue-wipe/private-redis.ts'
import { askAndWipe } from './queue-wipe/wipe.ts'

const OVER = 'after the last wipe something comes to its end every 60 s, until everything has'
const STILL_MAX_MS = 60_000
/** So that a proof ends. */
const SETTLE_MAX_MS = 600_000
/** With a fault in it: several times what the sweeper takes to come round. */
const SABOTAGED_STILL_MS = 5_000
const OPERATIONS_PER_WIPE = 25
/** Slack takes so many posts a second and edits a minute; more would wait for it. */
const CHANGES_PER_WIPE_IN_CHAT = 12

async function prove({ seed, runs, backend, surface, short, sabotage, say }: ProveOptions) {
  // Only a server of the proof's own is flushed; the one that the backend is named for holds other people's keys.
  const redis = backend === 'redis' ? await startPrivateRedis() : undefined
  const place = await emptyPlace(redis ? 'postgres' : backend)
  const outside = await openOutside()
  const asker = await openAsker(surface)
  try {
    const operations = runs * (surface ? CHANGES_PER_WIPE_IN_CHAT : OPERATIONS_PER_WIPE)
    const wiped = await askAndWipe({
      ...{ outside, asker, operations, wipes: runs, random: randomFrom(seed), flush: redis?.flushAll },
      place: redis ? { ...place, queue: { url: redis.url } } : place,
      // A lost job is asked for again after the grace; the long form waits as long as the program does.
      timing: short ? { tuning: QUICK.tuning } : {},
      settleMs: SETTLE_MAX_MS,
      stillMs: sabotage ? SABOTAGED_STILL_MS : STILL_MAX_MS,
    })
    const judged = await judge(wiped.asked, place.store, outside, asker.chat)
    const breaches: Breach[] = [...judged.breaches]
    if (wiped.settledMs === undefined)
      breaches.push({
        promise: OVER,
        what: `operations were still open. Last words: ${wiped.said.slice(-400) || 'none'}`,
      })
    const how = redis ? 'FLUSHALL' : "BullMQ's schema dropped"
    say(
      `${how} ${runs} times during ${operations} changes (${wiped.lostJobs} jobs went with it): ${judged.lost} lost, ${judged.twice} twice; at rest ${wiped.settledMs ?? 'never'} ms after the last.`,
    )
    if (breaches.length === 0 && wiped.lostJobs === 0)
      throw new Error('No job was in the queue when it was wiped: this proves nothing.')
    return {
      tried: { wipes: runs, operations, jobsWiped: wiped.lostJobs, ...triedIn(judged) },
      breaches,
      figures: {
        ...{ lost: judged.lost, twice: judged.twice, needHuman: judged.needHuman, succeeded: judged.succeeded },
        settledMs: wiped.settledMs ?? -1,
      },
    }
  } finally {
    await outside.close()
    await place.close()
    await asker.close()
    await redis?.close()
  }
}

export default prover({
  name: 'queue-wipe',
  proves:
    'losing the whole queue (FLUSHALL, or its schema dropped) in the middle of the work loses no change and does none twice.',
  backends: ['pglite', 'postgres', 'redis'],
  runs: { long: 20, short: 2 },
  overChat: { short: 1 },
  sabotages: [
    {
      name: 'sweeper-blind',
      breaks: 'what the queue was handed and never did is found again',
      file: 'db/sweep.ts',
      find: 'where waiting.done_at is null',
      replace: 'where false',
      backend: 'postgres',
    },
    {
      name: 'schema-not-mended',
      breaks: "BullMQ's schema is made again when it is gone",
      file: 'jobs/backends/mending-pool.ts',
      find: 'if (code === undefined || !GONE.has(code)) {',
      replace: 'if (true) {',
      backend: 'postgres',
    },
  ],
  prove,
})
