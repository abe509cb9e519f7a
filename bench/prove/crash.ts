import { DEFAULT_TUNING } from '../../jobs/tuning.ts'
import { openAsker } from './crash/asking.ts'
import { tryPlainJobs } from './crash/baseline.ts'
import { liveAndDie } from './crash/deaths.ts'
import { openOutside } from './crash/outside.ts'
import { emptyPlace } from './crash/place.ts'
import { CRASH_SABOTAGES } from './crash/sabotages.ts'
import { QUICK } from './crash/times.ts'
import { judge, triedIn } from './crash/verdict.ts'
import { randomFrom } from './frame/random.ts'
import { type Breach, type ProveOptions, prover } from './prover.ts'

const SETTLED = 'everything is over within 60 s of the restart'
const SETTLE_MAX_MS = 60_000
/** A sabotage needs no minute to be believed. */
const SABOTAGED_SETTLE_MS = 15_000
const OPERATIONS_PER_KILL = 5
const STILL_SWEEPS = 2

async function prove({ seed, runs, backend, surface, short, sabotage, say }: ProveOptions) {
  const asker = await openAsker(surface)
  const place = await emptyPlace(backend)
  const outside = await openOutside()
  try {
    const kills = Math.max(1, Math.round(runs / OPERATIONS_PER_KILL))
    const times = {
      timing: short ? QUICK : {},
      stillMs: STILL_SWEEPS * (short ? QUICK.tuning : DEFAULT_TUNING).sweepMs,
    }
    const lived = await liveAndDie({
      ...{ place, outside, operations: runs, kills, random: randomFrom(seed), say, asker, ...times },
      settleMs: sabotage ? SABOTAGED_SETTLE_MS : SETTLE_MAX_MS,
    })
    const judged = await judge(lived.asked, place.store, outside, asker.chat)
    const breaches: Breach[] = [...judged.breaches]
    if (lived.settledMs === undefined)
      breaches.push({
        promise: SETTLED,
        what: `operations were still open. Last words: ${lived.said.slice(-400) || 'none'}`,
      })
    say(
      `${lived.asked.length} changes, ${lived.kills} kills (${lived.atPoint} at the point meant, ${lived.pointsHit} of ${lived.points} points): ${judged.lost} lost, ${judged.twice} twice, ${judged.needHuman} need a human; at rest ${lived.settledMs ?? 'never'} ms after the last start.`,
    )
    if (breaches.length === 0 && lived.atPoint < kills / 2)
      throw new Error(`Only ${lived.atPoint} of ${kills} kills came at a point between two durable acts.`)
    // What the engine is there for, shown beside it in the long form.
    const plain =
      short || surface ? undefined : await tryPlainJobs({ place, outside, kills, random: randomFrom(seed), ...times })
    if (plain)
      say(
        `Beside it, plain BullMQ jobs under ${plain.kills} such kills: ${plain.twice} of ${plain.jobs} did something twice (${((100 * plain.twice) / plain.jobs).toFixed(1)} %), ${plain.lost} were not done.`,
      )
    const { points, pointsHit, atPoint, atRest } = lived
    return {
      tried: {
        operations: lived.asked.length,
        kills: lived.kills,
        points,
        pointsHit,
        atPoint,
        atRest,
        ...triedIn(judged),
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
    await asker.close()
  }
}

export default prover({
  name: 'crash',
  proves:
    'killed at every protocol point between two durable acts, the program loses no accepted change, does nothing twice, and is at rest within 60 s of the restart.',
  backends: ['pglite', 'postgres', 'redis'],
  runs: { long: 1_000, short: 30 },
  overChat: { short: 10 },
  sabotages: CRASH_SABOTAGES,
  prove,
})
