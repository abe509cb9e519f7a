import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { OperationId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { Queryable, Transaction } from './database.ts'
import { type OutboxKind, outbox } from './schema/outbox.ts'
import { notify } from './store.ts'

export type { OutboxKind }
export type OutboxRow = typeof outbox.$inferSelect

/**
 * Asks for a worker at `dueAt` (`atOnce`: which is now, and by no clock later than the database's), and wakes the dispatchers when this
 * transaction commits. Returns the ids in order.
 */
export async function addOutbox(
  tx: Transaction,
  rows: readonly { kind: OutboxKind; operationId?: OperationId; payload?: JsonObject; dueAt: Date; atOnce?: true }[],
): Promise<number[]> {
  if (rows.length === 0) return []
  const added = await tx
    .insert(outbox)
    .values(
      rows.map(({ atOnce, ...row }) => ({
        ...row,
        ...(atOnce ? { dueAt: sql`least(${row.dueAt.toISOString()}::timestamptz, now())` } : {}),
      })),
    )
    .returning({ id: outbox.id })
  await notify(tx, 'outbox', '')
  return added.map((row) => row.id)
}

/** What nobody needs any more, e.g. the expiry of a plan that was approved. */
export async function dropOutbox(
  tx: Queryable,
  operationId: OperationId,
  kinds: readonly OutboxKind[],
  at: Date,
): Promise<void> {
  await tx
    .update(outbox)
    .set({ doneAt: at })
    .where(and(eq(outbox.operationId, operationId), inArray(outbox.kind, [...kinds]), isNull(outbox.doneAt)))
}

/** Rows of an operation that still will wake somebody. */
export async function liveOutboxOf(db: Queryable, operationId: OperationId): Promise<OutboxRow[]> {
  return db
    .select()
    .from(outbox)
    .where(and(eq(outbox.operationId, operationId), isNull(outbox.doneAt)))
    .orderBy(asc(outbox.dueAt))
}
