import { and, asc, desc, eq, getTableColumns, gt, isNull, sql } from 'drizzle-orm'
import { audit } from '../schema/audit.ts'
import { auditSeals } from '../schema/audit-seals.ts'
import type { Store, Transaction } from '../store.ts'
import { GENESIS, rowHash } from './row-hash.ts'

/** Any number that is ours alone among this database's advisory locks: one sealer at a time, whatever the number of processes. */
const SEAL_LOCK = 7_102_026_002

/** Rows of one call: as many may be waiting for the next. */
export const SEAL_BATCH = 2_000

/**
 * How far back of the newest seal rows are looked for that committed late: their ids are older than what was sealed before them. A
 * `thorough` run looks everywhere.
 */
const LATE_WINDOW = 5_000

/**
 * Chains the audit rows that are not in the chain yet, in one transaction. Returns how many; call again while it returns many. Run it
 * each second, and `thorough` at start and every few minutes.
 */
export async function sealOnce(store: Store, options: { now?: Date; thorough?: boolean } = {}): Promise<number> {
  const { now = new Date(), thorough = false } = options
  return store.transaction(async (tx) => {
    // Asked for without waiting: whoever holds it seals what we would.
    const { rows } = await tx.execute<{ mine: boolean }>(sql`select pg_try_advisory_xact_lock(${SEAL_LOCK}) as mine`)
    if (!rows[0]?.mine) return 0
    const head = await headOf(tx)
    const fresh = await tx
      .select(getTableColumns(audit))
      .from(audit)
      .leftJoin(auditSeals, eq(auditSeals.auditId, audit.id))
      .where(and(isNull(auditSeals.seq), thorough ? undefined : gt(audit.id, head.auditId - LATE_WINDOW)))
      .orderBy(asc(audit.id))
      .limit(SEAL_BATCH)
    let { seq, hash } = head
    const seals = fresh.map((row) => {
      const previousHash = hash
      seq += 1
      hash = rowHash(previousHash, seq, now, row)
      return { seq, auditId: row.id, previousHash, hash, sealedAt: now }
    })
    if (seals.length > 0) await tx.insert(auditSeals).values(seals)
    return seals.length
  })
}

/** The newest seal, or the beginning. */
export async function headOf(db: Transaction | Store['db']): Promise<{ seq: number; hash: string; auditId: number }> {
  const [head] = await db.select().from(auditSeals).orderBy(desc(auditSeals.seq)).limit(1)
  return head ?? { seq: 0, hash: GENESIS, auditId: 0 }
}
