import { and, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import type { OperationId } from '../core/ids.ts'
import type { Queryable, Transaction } from './database.ts'
import { fromRow, type OperationPatch, type StoredOperation, toRow } from './operation-records.ts'
import { operations } from './schema/operations.ts'

/** Takes the operation for a worker when nobody holds it: raises the fence and starts a lease on database time. */
export async function claimOperation(
  tx: Transaction,
  id: OperationId,
  claim: { readonly owner: string; readonly leaseMs: number; readonly patch: OperationPatch; readonly at: Date },
): Promise<StoredOperation | undefined> {
  const [row] = await tx
    .update(operations)
    .set({
      ...toRow(claim.patch),
      fence: sql`${operations.fence} + 1`,
      leaseOwner: claim.owner,
      leaseUntil: leaseEnd(claim.leaseMs),
      updatedAt: claim.at,
    })
    .where(
      and(eq(operations.id, id), or(isNull(operations.leaseUntil), lt(operations.leaseUntil, sql`clock_timestamp()`))),
    )
    .returning()
  return row && fromRow(row)
}

/** Prolongs a lease; undefined when the claim is no longer ours, or was given up meanwhile. `cancelling` tells the run to stop going forward. */
export async function renewLease(
  db: Queryable,
  id: OperationId,
  fence: number,
  leaseMs: number,
): Promise<{ readonly cancelling: boolean } | undefined> {
  const [row] = await db
    .update(operations)
    .set({ leaseUntil: leaseEnd(leaseMs) })
    .where(and(eq(operations.id, id), eq(operations.fence, fence), isNotNull(operations.leaseOwner)))
    .returning({ cancelAt: operations.cancelAt })
  return row && { cancelling: row.cancelAt !== null }
}

const leaseEnd = (leaseMs: number) => sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`

/**
 * Ends the leases of a worker that is certainly gone (the embedded program's former process). Raises the fence with it, so that it
 * stays certain. Returns the operations that now wait for somebody.
 */
export async function endLeasesOf(tx: Transaction, owner: string): Promise<readonly OperationId[]> {
  const rows = await tx
    .update(operations)
    .set({ leaseOwner: null, leaseUntil: null, fence: sql`${operations.fence} + 1` })
    .where(and(eq(operations.leaseOwner, owner), isNull(operations.finishedAt)))
    .returning({ id: operations.id })
  return rows.map((row) => row.id)
}
