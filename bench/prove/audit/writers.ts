import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { silentLogger } from '../../../core/ports/logger.ts'
import { appendAudit } from '../../../db/audit.ts'
import { verifyAudit } from '../../../db/audit-chain/verify.ts'
import type { Store } from '../../../db/store.ts'
import { housekeeping } from '../../../jobs/housekeeping.ts'
import { every } from '../../../jobs/schedules.ts'
import { type Random, randomFrom } from '../frame/random.ts'
import type { PrivateStore } from '../frame/store.ts'
import type { Breach } from '../prover.ts'

export interface Written {
  readonly rows: number
  readonly slowestSealMs: number
  readonly breaches: readonly Breach[]
}

export const WRITERS = 50
/** Programs on the one database, each with its own writers, connections and sealer. */
const PROGRAMS = 3

/**
 * Writers at once, in transactions of several rows that commit late, out of order, or not at all, while every program seals. Then: each row
 * that was committed is in the chain once, the chain has no gap and no fork, and it holds.
 */
export async function writeAtOnce(
  place: PrivateStore,
  folder: string,
  { rowsEach, seed, patienceMs }: { rowsEach: number; seed: number; patienceMs: number },
): Promise<Written> {
  const stores = await Promise.all(Array.from({ length: PROGRAMS }, () => place.another()))
  const programs = [...new Set(stores)].map((store, index) => ({
    store,
    headsFile: join(folder, `heads-${index}.jsonl`),
  }))
  const loops = programs.flatMap(({ store, headsFile }) =>
    housekeeping(store, headsFile).schedules.map((schedule) => every(schedule, silentLogger, () => new Date())),
  )
  const writer = (index: number) => {
    const program = programs[index % programs.length]
    return program ? write(program.store, `writer-${index}`, rowsEach, randomFrom(seed * 1_000 + index)) : 0
  }
  // The embedded engine has one session: nobody can commit late there.
  const latecomers = programs.flatMap(({ store }) => (store.pool ? [writeLate(store, patienceMs)] : []))
  const counts = await Promise.all([...Array.from({ length: WRITERS }, (_, index) => writer(index)), ...latecomers])
  const rows = counts.reduce((sum, count) => sum + count, 0)
  const left = await settled(place.store, patienceMs)
  await Promise.all(loops.map((loop) => loop.stop()))
  await Promise.all(programs.map(({ store, headsFile }) => housekeeping(store, headsFile).finish()))
  const breaches =
    left > 0 ? [breach(`${left} rows were not in the chain ${patienceMs / 1000} s after the last one`)] : []
  for (const { headsFile } of programs) {
    const verdict = await verifyAudit(place.store, headsFile)
    if (!verdict.ok || verdict.provenTo !== rows)
      breaches.push(
        breach(
          `${rows} rows were written, the chain is proven to ${verdict.provenTo}: ${verdict.firstBad?.why ?? 'not all'}`,
        ),
      )
  }
  const shape = await shapeOf(place.store)
  const whole = { rows, seals: rows, sealed: rows, last: rows, befores: rows }
  for (const [what, wanted] of Object.entries(whole)) {
    const is = shape[what]
    if (is !== wanted) breaches.push(breach(`${what} are ${is}, not ${wanted}`))
  }
  return { rows, slowestSealMs: shape.slowest_ms ?? Number.NaN, breaches }
}

const breach = (what: string): Breach => ({ promise: 'writers at once make one chain, without gap or fork', what })

class TakenBack extends Error {}

/** Resolves with how many rows were committed. */
async function write(store: Store, name: string, rows: number, random: Random): Promise<number> {
  let committed = 0
  while (committed < rows) {
    const count = Math.min(1 + random.below(4), rows - committed)
    // The embedded engine has one session: who lingers in it lets nobody pass.
    const lingersMs = store.pool && random.below(4) === 0 ? random.below(40) : 0
    const takesBack = random.below(20) === 0
    const transaction = store.transaction(async (tx) => {
      for (let index = 0; index < count; index++)
        await appendAudit(tx, [
          { actor: name, kind: 'row.written', says: `Row ${committed + index}`, data: { lingersMs }, at: new Date() },
        ])
      if (lingersMs > 0) await after(lingersMs)
      if (takesBack) throw new TakenBack()
    })
    committed += await transaction.then(
      () => count,
      (error: unknown) => {
        if (error instanceof TakenBack) return 0
        throw error
      },
    )
  }
  return committed
}

/** A row that is committed once a later one is in the chain. Resolves with how many rows were committed. */
async function writeLate(store: Store, patienceMs: number): Promise<number> {
  await store.transaction(async (tx) => {
    await appendAudit(tx, [{ actor: 'latecomer', kind: 'row.written', says: 'Late', at: new Date() }])
    const until = performance.now() + patienceMs
    const isPassed = async () => {
      const { rows } = await tx.execute<{ passed: boolean }>(sql`
        select exists (select from quarterdeck.audit_seals where audit_id > currval('quarterdeck.audit_id_seq')) as passed`)
      return rows[0]?.passed ?? false
    }
    while (!(await isPassed()) && performance.now() < until) await after(20)
  })
  return 1
}

/** Waits for the sealers; resolves with how many rows they left. */
async function settled(store: Store, patienceMs: number): Promise<number> {
  const until = performance.now() + patienceMs
  for (;;) {
    const { rows } = await store.db.execute<{ left: number }>(
      sql`select count(*)::int as left from quarterdeck.audit a where not exists (select 1 from quarterdeck.audit_seals s where s.audit_id = a.id)`,
    )
    const left = rows[0]?.left ?? 0
    if (left === 0 || performance.now() > until) return left
    await after(100)
  }
}

async function shapeOf(store: Store): Promise<Readonly<Record<string, number>>> {
  const { rows } = await store.db.execute<Record<string, number>>(sql`
    select (select count(*)::int from quarterdeck.audit) as rows, count(*)::int as seals, count(distinct s.audit_id)::int as sealed,
      max(s.seq)::int as last, count(distinct s.previous_hash)::int as befores,
      max(extract(epoch from s.sealed_at - a.at) * 1000)::int as slowest_ms
    from quarterdeck.audit_seals s join quarterdeck.audit a on a.id = s.audit_id`)
  return rows[0] ?? {}
}
