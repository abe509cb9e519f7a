import { mock } from 'node:test'
import { setImmediate as breathe } from 'node:timers/promises'
import { eq, gt, isNull, or } from 'drizzle-orm'
import { silentLogger } from '../../../core/ports/logger.ts'
import { appendAudit } from '../../../db/audit.ts'
import { readHeads } from '../../../db/audit-chain/heads.ts'
import { audit } from '../../../db/schema/audit.ts'
import { auditSeals } from '../../../db/schema/audit-seals.ts'
import type { Store } from '../../../db/store.ts'
import { housekeeping } from '../../../jobs/housekeeping.ts'
import { every } from '../../../jobs/schedules.ts'
import type { Random } from '../frame/random.ts'
import type { Breach } from '../prover.ts'

export interface Ageing {
  readonly rows: number
  readonly oldestUnsealedMs: number
  readonly oldestUnexportedMs: number
  readonly breaches: readonly Breach[]
}

const SECOND_MS = 1_000
/** A row that is still outside when it is looked for was passed over by a round. */
const SEALED_WITHIN_MS = SECOND_MS
const EXPORTED_WITHIN_MS = 60 * SECOND_MS
/** More at once than a sealer takes in one go. */
const BURST = 5_000

/**
 * The real schedules under a clock that is turned by hand, second by second: how old a row gets before it is in the chain, and before a
 * head that covers it is known outside the database. Rows come singly, and once in a burst.
 */
export async function ageUnderClock(store: Store, headsFile: string, seconds: number, random: Random): Promise<Ageing> {
  let inHand = 0
  const { schedules } = housekeeping(store, headsFile)
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 10, 20, 12) })
  const loops = schedules.map((schedule) => {
    const run = async () => {
      inHand += 1
      await schedule.run().finally(() => {
        inHand -= 1
      })
    }
    return every({ ...schedule, run }, silentLogger, () => new Date())
  })
  const settle = async () => {
    // A loop sets its next timer a few turns after its round is over.
    for (let calm = 0; calm < 3; calm++) {
      await breathe()
      while (inHand > 0) {
        calm = 0
        await breathe()
      }
    }
  }
  let [rows, oldestUnsealedMs, oldestUnexportedMs] = [0, 0, 0]
  try {
    await settle()
    for (let second = 1; second <= seconds; second++) {
      const count = second === Math.floor(seconds / 2) ? BURST : random.below(3)
      rows += count
      await write(store, count, second)
      mock.timers.tick(SECOND_MS)
      await settle()
      const covered = (await readHeads(headsFile)).at(-1)?.seq ?? 0
      oldestUnsealedMs = Math.max(oldestUnsealedMs, await oldestMs(store, undefined))
      oldestUnexportedMs = Math.max(oldestUnexportedMs, await oldestMs(store, covered))
    }
  } finally {
    const stopped = Promise.all(loops.map((loop) => loop.stop()))
    mock.timers.reset()
    await stopped
  }
  const late = (promise: string, what: string, ageMs: number, withinMs: number): Breach[] =>
    ageMs <= withinMs ? [] : [{ promise, what: `a row stayed ${ageMs / 1000} s ${what}` }]
  return {
    rows,
    oldestUnsealedMs,
    oldestUnexportedMs,
    breaches: [
      ...late(
        'a row is in the chain within a second',
        'outside the chain while rounds are a second apart',
        oldestUnsealedMs,
        SEALED_WITHIN_MS,
      ),
      ...late(
        'the exported head is at most 60 s old',
        'without an exported head that covers it',
        oldestUnexportedMs,
        EXPORTED_WITHIN_MS,
      ),
    ],
  }
}

async function write(store: Store, count: number, second: number): Promise<void> {
  const now = new Date()
  const entries = Array.from({ length: count }, (_, index) => ({
    actor: 'system',
    kind: 'second.passed',
    says: `Second ${second}, row ${index}.`,
    at: now,
  }))
  await store.transaction((tx) => appendAudit(tx, entries))
}

/** The age of the oldest row that is not in the chain; with a seal number, of the oldest that no seal up to it covers. */
async function oldestMs(store: Store, covered: number | undefined): Promise<number> {
  const uncovered = isNull(auditSeals.seq)
  const [row] = await store.db
    .select({ at: audit.at })
    .from(audit)
    .leftJoin(auditSeals, eq(auditSeals.auditId, audit.id))
    .where(covered === undefined ? uncovered : or(uncovered, gt(auditSeals.seq, covered)))
    .orderBy(audit.at)
    .limit(1)
  return row ? Date.now() - row.at.getTime() : 0
}
