import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { OperationId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { Queryable } from './database.ts'
import { type OutboxKind, outbox } from './schema/outbox.ts'

/** A row on its way to the queue. */
export interface DispatchRow {
  readonly id: number
  readonly kind: OutboxKind
  readonly operationId: OperationId | null
  /** Until it is due, by the database's clock: that of whoever hands it over may run ahead or behind. Not below 0. */
  readonly inMs: number
}

const IN_MS = sql<number>`greatest(0, extract(epoch from ${outbox.dueAt} - clock_timestamp()) * 1000)::float8`.mapWith(
  Number,
)

/**
 * Takes the oldest rows that no queue has seen, marking them as handed over: one statement, one commit for the whole batch.
 * Dispatchers of several processes never get the same row (skip locked). Whoever takes rows hands them to the queue or gives them back.
 */
export async function claimForDispatch(db: Queryable, limit: number, now: Date): Promise<DispatchRow[]> {
  const fresh = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(isNull(outbox.dispatchedAt), isNull(outbox.doneAt)))
    .orderBy(asc(outbox.id))
    .limit(limit)
    .for('update', { skipLocked: true })
  return db
    .update(outbox)
    .set({ dispatchedAt: now, attempts: sql`${outbox.attempts} + 1` })
    .where(inArray(outbox.id, fresh))
    .returning({
      ...{ id: outbox.id, kind: outbox.kind, operationId: outbox.operationId },
      inMs: IN_MS,
    })
}

/** The queue did not take them: as if they had never been claimed. */
export async function giveBackUndispatched(db: Queryable, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .update(outbox)
    .set({ dispatchedAt: null, attempts: sql`greatest(${outbox.attempts} - 1, 0)` })
    .where(and(inArray(outbox.id, [...ids]), isNull(outbox.doneAt)))
}

/** The work these rows asked for was done; they wake nobody any more. Repeating it changes nothing. */
export async function markOutboxDone(db: Queryable, ids: readonly number[], now: Date): Promise<void> {
  if (ids.length === 0) return
  await db
    .update(outbox)
    .set({ doneAt: now })
    .where(and(inArray(outbox.id, [...ids]), isNull(outbox.doneAt)))
}

/** A timer's row as the store has it now, or undefined when it is done or gone. `inMs`: as a DispatchRow's. */
export async function openOutboxRow(
  db: Queryable,
  id: number,
): Promise<
  { readonly operationId: OperationId | null; readonly inMs: number; readonly payload: JsonObject } | undefined
> {
  const [row] = await db
    .select({ operationId: outbox.operationId, inMs: IN_MS, payload: outbox.payload })
    .from(outbox)
    .where(and(eq(outbox.id, id), isNull(outbox.doneAt)))
  return row
}
