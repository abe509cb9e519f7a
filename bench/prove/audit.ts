import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyAudit } from '../../db/audit-chain/verify.ts'
import type { Store } from '../../db/store.ts'
import { ageUnderClock } from './audit/ageing.ts'
import { type Judged, judge, judgeUntouched } from './audit/judge.ts'
import { DEEDS, type DeedName, type Desk, type Tampering } from './audit/tamper.ts'
import { liveHonestly, liveOn, overwrite, readWorld } from './audit/world.ts'
import { WRITERS, writeAtOnce } from './audit/writers.ts'
import { type Random, randomFrom } from './frame/random.ts'
import { privateStore } from './frame/store.ts'
import { type Breach, type Findings, type ProveOptions, prover } from './prover.ts'

const DEED_NAMES = Object.keys(DEEDS) as DeedName[] // the keys of a literal

interface Case extends Judged {
  readonly seed: number
  readonly names: readonly DeedName[]
}

/** One history and one tampering with it, all of it from the seed. */
async function tamperOnce(store: Store, headsFile: string, seed: number): Promise<Case> {
  const random = randomFrom(seed)
  const before = await liveHonestly(store, headsFile, random)
  const wrong = judgeUntouched(before, await verifyAudit(store, headsFile))
  if (wrong) return { seed, names: [], firstChanged: undefined, found: true, breach: wrong }
  const desk: Desk = { rows: [...before.rows], seals: [...before.seals] }
  const done: { name: DeedName; tampering: Tampering }[] = []
  const count = random.below(2) === 0 ? 1 : 1 + random.below(3)
  while (done.length < count && desk.seals.length > 0) {
    const name = random.pick(DEED_NAMES)
    const tampering = DEEDS[name](desk, random)
    if (tampering) done.push({ name, tampering })
  }
  await overwrite(store, desk)
  const deeds = done.map(({ tampering }) => tampering)
  const after = await readWorld(store, headsFile)
  const found = judge(before, after, deeds, await verifyAudit(store, headsFile))
  const names = done.map(({ name }) => name)
  if (found.breach || random.below(3) > 0) return { ...found, seed, names }
  // And once more after the program has gone on sealing and exporting over it.
  await liveOn(store, headsFile, random)
  const later = judge(
    before,
    await readWorld(store, headsFile),
    [...deeds, WENT_ON],
    await verifyAudit(store, headsFile),
  )
  return { ...later, seed, names }
}

const WENT_ON: Tampering = { what: 'the program went on', recomputed: true }

/** Of several failing cases the one with the fewest deeds says most. */
const simplest = (cases: readonly Case[]) => cases.toSorted((a, b) => a.names.length - b.names.length).slice(0, 5)

async function tamperOften(store: Store, headsFile: string, { seed, runs, say, sabotage }: ProveOptions) {
  const cases: Case[] = []
  for (let index = 0; index < runs; index++) {
    cases.push(await tamperOnce(store, headsFile, seed + index))
    if (sabotage && cases.at(-1)?.breach) break
  }
  const changed = cases.filter(({ firstChanged }) => firstChanged !== undefined)
  const found = cases.filter((one) => one.found).length
  const failed = cases.filter(({ breach }) => breach)
  say(
    `${cases.length} tamperings, ${changed.length} with what was sealed; ${found} found, ${failed.length} not as promised.`,
  )
  const breaches = simplest(failed).flatMap(({ breach, seed: own }) => (breach ? [{ ...breach, seed: own }] : []))
  const byDeed = DEED_NAMES.map((name) => [name, cases.filter(({ names }) => names.includes(name)).length] as const)
  return {
    breaches,
    tried: { tamperings: cases.length, changed: changed.length, found, ...Object.fromEntries(byDeed) },
  }
}

/**
 * It is not asked over chats: it writes rows of its own, and a row is sealed and proven by its bytes, whatever brought it there. That what people ask and
 * decide in chats leaves every row that it must, in the transaction of what it tells, sealed and under an exported head, is looked at by
 * `chaos --surface`.
 */
async function prove(options: ProveOptions): Promise<Findings> {
  const { seed, short, backend, say, sabotage } = options
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-prove-audit-'))
  const place = await privateStore(backend)
  const breaches: Breach[] = []
  try {
    const tampered = await tamperOften(place.store, join(folder, 'heads.jsonl'), options)
    breaches.push(...tampered.breaches)
    // A fault that was seen is seen; what is left would only take time.
    const seen = () => sabotage !== undefined && breaches.length > 0
    if (seen()) return { tried: tampered.tried, breaches }
    await overwrite(place.store, { rows: [], seals: [] })
    const seconds = sabotage ? 80 : short ? 130 : 600
    const aged = await ageUnderClock(place.store, join(folder, 'aged.jsonl'), seconds, clockRandom(seed))
    say(
      `${seconds} s by the clock: after a round a row has waited at most ${aged.oldestUnsealedMs / 1000} s for its seal, ${aged.oldestUnexportedMs / 1000} s for an exported head.`,
    )
    breaches.push(...aged.breaches)
    if (seen()) return { tried: { ...tampered.tried, seconds, agedRows: aged.rows }, breaches }
    await overwrite(place.store, { rows: [], seals: [] })
    const rowsEach = short ? 20 : 1_000
    const written = await writeAtOnce(place, folder, {
      rowsEach,
      seed,
      patienceMs: sabotage ? 3_000 : 60_000,
    })
    breaches.push(...written.breaches)
    say(
      `${WRITERS} writers × ${rowsEach} rows: ${written.rows} rows, the slowest sealed after ${written.slowestSealMs} ms.`,
    )
    return {
      tried: { ...tampered.tried, seconds, agedRows: aged.rows, writers: WRITERS, rowsWritten: written.rows },
      breaches,
      figures: {
        oldestUnsealedMs: aged.oldestUnsealedMs,
        oldestUnexportedMs: aged.oldestUnexportedMs,
        slowestSealMs: written.slowestSealMs,
      },
    }
  } finally {
    await place.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const clockRandom = (seed: number): Random => randomFrom(seed + 0x5ea1)

export default prover({
  name: 'audit',
  proves:
    'whatever somebody with the keys to the database does to the audit is found up to the last exported head, and the first bad row is named',
  backends: ['pglite', 'postgres'],
  runs: { long: 1_000, short: 80 },
  sabotages: [
    {
      name: 'sealer-off',
      breaks: 'rows are chained within a second',
      file: 'jobs/housekeeping.ts',
      find: "{ name: 'seal the audit', everyMs: SEAL_EVERY_MS, run: seal },",
      replace: '',
      runs: 1,
    },
    {
      name: 'export-off',
      breaks: 'the head is known outside the database within a minute',
      file: 'jobs/housekeeping.ts',
      find: "{ name: 'export the audit head', everyMs: EXPORT_EVERY_MS, run: exportNow },",
      replace: '',
      runs: 1,
    },
    {
      name: 'payload-not-hashed',
      breaks: 'the hash is over everything a row says',
      file: 'db/audit-chain/row-hash.ts',
      find: '      says,\n      data,\n',
      replace: '      says,\n',
      runs: 400,
    },
    {
      name: 'time-not-hashed',
      breaks: 'the hash is over when it happened',
      file: 'db/audit-chain/row-hash.ts',
      find: '      at: at.toISOString(),\n',
      replace: '',
      runs: 400,
    },
    {
      name: 'row-skipped',
      breaks: 'the proof looks at every row',
      file: 'db/audit-chain/verify.ts',
      find: 'if (rowHash(this.hash, seal.seq, seal.sealedAt, row) !== seal.hash)',
      replace: 'if (seal.seq % 5 !== 0 && rowHash(this.hash, seal.seq, seal.sealedAt, row) !== seal.hash)',
      runs: 400,
    },
    {
      name: 'heads-ignored',
      breaks: 'a chain that was recomputed is held against the exported heads',
      file: 'db/audit-chain/verify.ts',
      find: 'exported !== undefined && exported !== seal.hash',
      replace: 'false',
      runs: 400,
    },
    {
      name: 'cut-tail-passes',
      breaks: 'a tail that was exported is missed',
      file: 'db/audit-chain/verify.ts',
      find: 'if (seq >= exportedTo) return undefined',
      replace: 'if (seq >= 0) return undefined',
      runs: 400,
    },
    {
      name: 'late-rows-left-out',
      breaks: 'a row that commits late gets into the chain',
      file: 'db/audit-chain/seal.ts',
      find: 'head.auditId - LATE_WINDOW',
      replace: 'head.auditId',
      runs: 1,
      backend: 'postgres',
    },
  ],
  prove,
})
