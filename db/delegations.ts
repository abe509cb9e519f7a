import { and, eq, gt, ne } from 'drizzle-orm'
import type { OperationId } from '../core/ids.ts'
import type { Delegation } from '../core/person.ts'
import type { Queryable, Transaction } from './database.ts'
import { delegations } from './schema/delegations.ts'

/** Lends a person's approvals until a date. Whoever had them from this person before has them no longer. Idempotent per operation. */
export async function addDelegation(
  tx: Transaction,
  delegation: Delegation & { operationId: OperationId; now: Date },
): Promise<void> {
  const { from, to, until, operationId, now } = delegation
  const added = await tx
    .insert(delegations)
    .values({ fromPerson: from, toPerson: to, until, operationId, createdAt: now })
    .onConflictDoNothing({ target: delegations.operationId })
    .returning({ id: delegations.id })
  if (added.length === 0) return
  await tx
    .update(delegations)
    .set({ until: now })
    .where(and(eq(delegations.fromPerson, from), gt(delegations.until, now), ne(delegations.operationId, operationId)))
}

export async function activeDelegations(db: Queryable, now: Date): Promise<Delegation[]> {
  const rows = await db.select().from(delegations).where(gt(delegations.until, now)).orderBy(delegations.id)
  return rows.map((row) => ({ from: row.fromPerson, to: row.toPerson, until: row.until }))
}
