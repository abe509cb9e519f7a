import { and, asc, desc, eq, getTableColumns, gt, isNull, lt, sql } from 'drizzle-orm'
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
 * `thorough` run looks back as far as a transaction of ours may have been under way, whatever the clocks of who seals say, and not through
 * all that ever happened: that would keep everybody from sealing for longer each year.
 */
const LATE_WINDOW = 5_000
const THOROUGH_WINDOW = 100_000
const THOROUGH_MS = 60 * 60_000

/**
 * Chains the audit rows that are not in the chain yet, in one transaction. Returns how many; call again while it returns many. Run it
 * each second, and `thorough` at start and every few minutes.
 */
export async function sealOnce(
  store: Pick<Store, 'transaction'>,
  options: { now?: Date; thorough?: boolean; thoroughWindow?: number } = {},
): Promise<number> {
  const { now = new Date(), thorough = false, thoroughWindow = THOROUGH_WINDOW } = options
  return store.transaction(async (tx) => {
    // Asked for without waiting: whoever holds it seals what we would.
    const { rows } = await tx.execute<{ mine: boolean }>(sql`select pg_try_advisory_xact_lock(${SEAL_LOCK}) as mine`)
    if (!rows[0]?.mine) return 0
    const head = await headOf(tx)
    const from = thorough
      ? Math.min(await longSealed(tx, head.sealedAt), head.auditId - thoroughWindow)
      : head.auditId - LATE_WINDOW
    const fresh = await tx
      .select(getTableColumns(audit))
      .from(audit)
      .leftJoin(auditSeals, eq(auditSeals.auditId, audit.id))
      .where(and(isNull(auditSeals.seq), gt(audit.id, from)))
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

/** The row of the newest seal that is long past, counted from the newest one: a program may have stood still since then. */
async function longSealed(tx: Transaction, newest: Date): Promise<number> {
  const [seal] = await tx
    .select({ auditId: auditSeals.auditId })
    .from(auditSeals)
    .where(lt(auditSeals.sealedAt, new Date(newest.getTime() - THOROUGH_MS)))
    .orderBy(desc(auditSeals.seq))
    .limit(1)
  return seal?.auditId ?? 0
}

/** The newest seal, or the beginning. */
export async function headOf(
  db: Transaction | Store['db'],
): Promise<{ seq: number; hash: string; auditId: number; sealedAt: Date }> {
  const [head] = await db.select().from(auditSeals).orderBy(desc(auditSeals.seq)).limit(1)
  return head ?? { seq: 0, hash: GENESIS, auditId: 0, sealedAt: new Date(0) }
}
