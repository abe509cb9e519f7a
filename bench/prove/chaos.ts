import { AIMS } from './chaos/aims.ts'
import { storyOf } from './chaos/laws.ts'
import { type Lived, liveThrough, OVER } from './chaos/live.ts'
import { type Meeting, sumOf } from './chaos/meetings.ts'
import { CHAOS_SABOTAGES, HANGS, UNHEARD } from './chaos/sabotages.ts'
import { sayFault } from './chaos/schedule.ts'
import { QUICK } from './crash/times.ts'
import { type Breach, type ProveOptions, prover } from './prover.ts'

const SETTLE_MAX_MS = 60_000
/** Beside other provers, on as many cores: what is counted there is not the time. */
const SHORT_SETTLE_MS = 3 * SETTLE_MAX_MS
/** Who takes so long is looked at. */
const SLOW_MS = 20_000
const SABOTAGED_SETTLE_MS = 20_000
/** The program's own times, but for a lease of 3 s, so that pauses that outlast it do not take all of the time. */
const LONG = {
  ...{ operations: 1_000, askedEveryMs: 250, workers: 3 },
  times: { timing: { leaseMs: 3_000, renewMs: 1_000 }, tuning: { lockMs: 3_000, stalledCheckMs: 1_000 } },
}
/**
 * In the long form the embedded program, which is alone, meets every fault that is shared among three elsewhere, and does the work of three: it has
 * twice the time for both. So it meets as many faults a second as one of them does (one; they 0.9), and is asked for more (two changes; they 1.3).
 */
const PACE_ALONE = 2
/** Who is not answered by the cluster asks again sooner as well. */
const SHORT = {
  ...{ operations: 48, askedEveryMs: 250, workers: 2 },
  times: {
    ...QUICK,
    timing: { ...QUICK.timing, retryMs: [300, 600, 1_200, 2_400, 2_400, 2_400, 2_400], cancelGraceMs: 500 },
    resilience: { longestOpenMs: 1_000 },
  },
}
/** Slack takes so many edits a minute; more would wait for it. */
const IN_CHAT = { long: { operations: 100, askedEveryMs: 1_500 }, short: { operations: 30, askedEveryMs: 400 } }
const BREACHES_SHOWN = 5

async function prove({ seed, runs, backend, surface, short, sabotage, say }: ProveOptions) {
  const breaches: Breach[] = []
  const figures = {
    succeeded: 0,
    needHuman: 0,
    takenBack: 0,
    takenOver: 0,
    refusedOutside: 0,
    givenUp: 0,
    slowestSettledMs: 0,
  }
  const tried = { seeds: 0, operations: 0, faults: 0, faultsMet: 0, faultsInRun: 0 }
  const inChat = { presses: 0, cards: 0, postedAgain: 0, straysPressed: 0 }
  for (let own = seed; own < seed + runs; own++) {
    const isShort = short || sabotage !== undefined
    const size = { ...(isShort ? SHORT : LONG), ...(surface && IN_CHAT[isShort ? 'short' : 'long']) }
    const workers = backend === 'pglite' ? 1 : size.workers
    const pace = workers === 1 && !isShort ? PACE_ALONE : 1
    const askedEveryMs = pace * size.askedEveryMs
    const sabotagedMs = surface ? SETTLE_MAX_MS : SABOTAGED_SETTLE_MS
    const settleMs = sabotage ? sabotagedMs : short ? SHORT_SETTLE_MS : SETTLE_MAX_MS
    const aim = AIMS[sabotage ?? '']
    const isUnheard = UNHEARD.includes(sabotage ?? '')
    const all = await liveThrough({
      ...size,
      askedEveryMs,
      seed: own,
      backend,
      surface,
      workers,
      pace,
      settleMs,
      aim,
      isUnheard,
    })
    // A fault of ours is not seen because a busy machine did not come to rest in the short time that is left to it.
    const patient = sabotage !== undefined && sabotage !== HANGS
    const lived = patient ? { ...all, breaches: all.breaches.filter(({ promise }) => promise !== OVER) } : all
    const met = sumOf(lived.meetings)
    say(sayHow(own, lived))
    const last = lived.record.moves.at(-1)
    if (last && (lived.settledMs ?? settleMs) > SLOW_MS)
      say(`The last to end was ${last.operation}: ${storyOf(lived.record, last.operation)}.`)
    if (aim) say(`Whoever came ${aim.moment} "${aim.passing}" was ${aim.kind}, one after the other.`)
    if (lived.schedule.length > 0 && lived.breaches.length > 0) {
      say(`The faults of seed ${own} (shown again by --seed ${own} --runs 1):`)
      for (const one of lived.schedule) say(`  ${sayFault(one)}`)
    }
    for (const group of Map.groupBy(lived.breaches, ({ promise }) => promise).values())
      breaches.push(...group.slice(0, BREACHES_SHOWN).map((breach) => ({ ...breach, seed: own })))
    tried.seeds += 1
    tried.operations += lived.record.ends.length
    tried.faults += met.times
    tried.faultsMet += met.met
    tried.faultsInRun += met.inRun
    inChat.presses += lived.presses
    inChat.straysPressed += lived.straysPressed
    inChat.cards += lived.record.cards?.looked ?? 0
    inChat.postedAgain += lived.record.cards?.again ?? 0
    figures.succeeded += count(lived, 'succeeded')
    figures.needHuman += count(lived, 'needs_human')
    figures.takenBack += lived.takenBack
    figures.takenOver += lived.takenOver
    figures.refusedOutside += lived.refusedOutside
    figures.givenUp += lived.givenUp
    figures.slowestSettledMs = Math.max(figures.slowestSettledMs, lived.settledMs ?? settleMs)
    // One is enough: the seed shows it again.
    if (sabotage && breaches.length > 0) break
  }
  if (breaches.length === 0 && tried.faultsInRun === 0)
    throw new Error('No fault met an operation that was being run: this proves nothing.')
  const share = figures.needHuman / Math.max(1, tried.operations)
  say(`${figures.needHuman} of ${tried.operations} need a human (${(100 * share).toFixed(2)} %).`)
  return { tried: surface ? { ...tried, ...inChat } : tried, breaches, figures }
}

const count = ({ record }: Lived, state: string) => record.ends.filter((end) => end.state === state).length

function sayHow(seed: number, { meetings, record, settledMs, breaches, disk }: Lived): string {
  const kinds = [...meetings].map(([name, { times, met, inRun }]: [string, Meeting]) =>
    met === times
      ? `${name} ${times} (${inRun} in a run)`
      : `${name} ${times} (only ${met} met anything, ${inRun} in a run)`,
  )
  const states = [...Map.groupBy(record.ends, ({ state }) => state)].map(([state, ends]) => `${ends.length} ${state}`)
  const without = disk
    ? ''
    : ' No disk was full: that can be had with the embedded store only, where a small one may be mounted.'
  const rest = settledMs === undefined ? 'not at rest' : `at rest ${settledMs} ms after the last fault`
  return `Seed ${seed}: ${kinds.join(', ')}.${without} ${record.ends.length} operations: ${states.join(', ')}; ${rest}; ${breaches.length} breaches.`
}

export default prover({
  name: 'chaos',
  proves:
    'whatever comes and goes under it (processes, database, queue, cluster, clock, disk), the program loses no change, does nothing twice or unasked, and audit and cards tell what happened.',
  backends: ['pglite', 'postgres', 'redis'],
  runs: { long: 20, short: 1 },
  overChat: { short: 1 },
  sabotages: CHAOS_SABOTAGES,
  prove,
})
