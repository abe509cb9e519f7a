import { and, asc, eq, inArray, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import type { OperationId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { Queryable, Transaction } from './database.ts'
import { type OutboxKind, outbox } from './schema/outbox.ts'
import { notify } from './store.ts'

export type { OutboxKind }
export type OutboxRow = typeof outbox.$inferSelect

/** Asks for a worker at `dueAt`, and wakes the dispatchers when this transaction commits. Returns the ids in order. */
export async function addOutbox(
  tx: Transaction,
  rows: readonly { kind: OutboxKind; operationId?: OperationId; payload?: JsonObject; dueAt: Date; createdAt?: Date }[],
): Promise<number[]> {
  if (rows.length === 0) return []
  const added = await tx
    .insert(outbox)
    .values([...rows])
    .returning({ id: outbox.id })
  await notify(tx, 'outbox', '')
  return added.map((row) => row.id)
}

/** Rows no queue has seen yet, locked for this transaction; rows another dispatcher holds are skipped. */
export async function claimUndispatched(
  tx: Transaction,
  options: { limit: number; dueBefore?: Date },
): Promise<OutboxRow[]> {
  return tx
    .select()
    .from(outbox)
    .where(
      and(
        isNull(outbox.dispatchedAt),
        isNull(outbox.doneAt),
        options.dueBefore && lte(outbox.dueAt, options.dueBefore),
      ),
    )
    .orderBy(asc(outbox.id))
    .limit(options.limit)
    .for('update', { skipLocked: true })
}

export async function markDispatched(tx: Queryable, ids: readonly number[], at: Date): Promise<void> {
  if (ids.length === 0) return
  await tx
    .update(outbox)
    .set({ dispatchedAt: at, attempts: sql`${outbox.attempts} + 1` })
    .where(inArray(outbox.id, [...ids]))
}

/** Back to the dispatcher: the queue lost them, or their worker died. */
export async function markUndispatched(tx: Queryable, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await tx
    .update(outbox)
    .set({ dispatchedAt: null })
    .where(and(inArray(outbox.id, [...ids]), isNull(outbox.doneAt)))
}

export async function markDone(tx: Queryable, ids: readonly number[], at: Date): Promise<void> {
  if (ids.length === 0) return
  await tx
    .update(outbox)
    .set({ doneAt: at })
    .where(and(inArray(outbox.id, [...ids]), isNull(outbox.doneAt)))
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

export async function outboxById(db: Queryable, id: number): Promise<OutboxRow | undefined> {
  return (await db.select().from(outbox).where(eq(outbox.id, id)))[0]
}

/** Handed to the queue before `dispatchedBefore`, due before `dueBefore`, and still not done: the queue may have lost them. */
export async function undoneOutbox(
  db: Queryable,
  options: { dispatchedBefore: Date; dueBefore: Date; limit: number },
): Promise<OutboxRow[]> {
  return db
    .select()
    .from(outbox)
    .where(
      and(
        isNull(outbox.doneAt),
        isNotNull(outbox.dispatchedAt),
        lt(outbox.dispatchedAt, options.dispatchedBefore),
        lt(outbox.dueAt, options.dueBefore),
      ),
    )
    .orderBy(asc(outbox.dueAt))
    .limit(options.limit)
}

/** Rows of an operation that still will wake somebody. */
export async function liveOutboxOf(db: Queryable, operationId: OperationId): Promise<OutboxRow[]> {
  return db
    .select()
    .from(outbox)
    .where(and(eq(outbox.operationId, operationId), isNull(outbox.doneAt)))
    .orderBy(asc(outbox.dueAt))
}

/** Drops finished rows. */
export async function forgetOutbox(db: Queryable, doneBefore: Date): Promise<void> {
  await db.delete(outbox).where(lt(outbox.doneAt, doneBefore))
}
