import { tryPlainJobs } from './crash/baseline.ts'
import { liveAndDie } from './crash/deaths.ts'
import { openOutside } from './crash/outside.ts'
import { emptyPlace } from './crash/place.ts'
import { CRASH_SABOTAGES } from './crash/sabotages.ts'
import { QUICK } from './crash/times.ts'
import { judge } from './crash/verdict.ts'
import { randomFrom } from './frame/random.ts'
import { type Breach, type ProveOptions, prover } from './prover.ts'

const SETTLED = 'everything is over within 60 s of the restart'
const SETTLE_MAX_MS = 60_000
/** A sabotage needs no minute to be believed. */
const SABOTAGED_SETTLE_MS = 15_000
const OPERATIONS_PER_KILL = 5
const SHORT_PLAIN_KILLS = 5

async function prove({ seed, runs, backend, short, sabotage, say }: ProveOptions) {
  const place = await emptyPlace(backend)
  const outside = await openOutside()
  try {
    const kills = Math.max(1, Math.round(runs / OPERATIONS_PER_KILL))
    const lived = await liveAndDie({
      ...{ place, outside, operations: runs, kills, random: randomFrom(seed), say },
      timing: short ? QUICK : {},
      settleMs: sabotage ? SABOTAGED_SETTLE_MS : SETTLE_MAX_MS,
    })
    const judged = await judge(lived.asked, place.store, outside)
    const breaches: Breach[] = [...judged.breaches]
    if (lived.settledMs === undefined)
      breaches.push({
        promise: SETTLED,
        what: `operations were still open. Last words: ${lived.said.slice(-400) || 'none'}`,
      })
    say(
      `${lived.asked.length} changes, ${lived.kills} kills (${lived.atPoint} at the point meant, ${lived.pointsHit} of ${lived.points} points): ${judged.lost} lost, ${judged.twice} twice, ${judged.needHuman} need a human; at rest ${lived.settledMs ?? 'never'} ms after the last start.`,
    )
    const plain = sabotage
      ? undefined
      : await tryPlainJobs({
          place,
          outside,
          kills: short ? SHORT_PLAIN_KILLS : kills,
          random: randomFrom(seed),
          timing: short ? QUICK : {},
        })
    if (plain)
      say(
        `Beside it, plain BullMQ jobs under ${plain.kills} such kills: ${plain.twice} of ${plain.jobs} did something twice (${((100 * plain.twice) / plain.jobs).toFixed(1)} %), ${plain.lost} were not done.`,
      )
    const { points, pointsHit, atPoint, byClock } = lived
    return {
      tried: {
        operations: lived.asked.length,
        kills: lived.kills,
        points,
        pointsHit,
        killsAtPoint: atPoint,
        killsByClock: byClock,
      },
      breaches,
      figures: {
        ...{ lost: judged.lost, twice: judged.twice, needHuman: judged.needHuman, succeeded: judged.succeeded },
        settledMs: lived.settledMs ?? -1,
        ...(plain ? { plainJobs: plain.jobs, plainTwice: plain.twice, plainLost: plain.lost } : {}),
      },
    }
  } finally {
    await outside.close()
    await place.close()
  }
}

export default prover({
  name: 'crash',
  proves:
    'killed at every protocol point between two durable acts, the program loses no accepted change, does nothing twice, and is at rest within 60 s of the restart.',
  backends: ['pglite', 'postgres', 'redis'],
  runs: { long: 1_000, short: 36 },
  sabotages: CRASH_SABOTAGES,
  alone: true,
  prove,
})
