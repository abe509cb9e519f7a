import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Card } from '../core/card.ts'
import {
  type DeliveryId,
  newDeliveryId,
  type OperationId,
  type PersonId,
  type RequestId,
  type ThreadId,
} from '../core/ids.ts'
import type { SurfaceName } from '../core/person.ts'
import { withoutSecrets } from '../core/secrets.ts'
import { visibleCard } from '../core/visible-card.ts'
import type { Queryable, Transaction } from './database.ts'
import { deliveries } from './schema/deliveries.ts'
import { notify } from './store.ts'

export type DeliveryRow = typeof deliveries.$inferSelect

/**
 * Writes a card for a thread. The same `key` again is the same message with its newest card: one more revision, sent as an edit;
 * revisions between are skipped. Wakes the senders when the transaction commits.
 */
export async function putDelivery(
  tx: Transaction,
  delivery: {
    key: string
    surface: SurfaceName
    threadId: ThreadId
    card: Card
    only?: PersonId
    final?: boolean
    requestId?: RequestId
    operationId?: OperationId
    now: Date
  },
): Promise<{ id: DeliveryId; revision: number }> {
  const { key, surface, threadId, only, final = false, requestId, operationId, now } = delivery
  const card = visibleCard(withoutSecrets(delivery.card))
  const [row] = await tx
    .insert(deliveries)
    .values({
      id: newDeliveryId(),
      key,
      surface,
      threadId,
      card,
      onlyPerson: only,
      final,
      requestId,
      operationId,
      nextAt: now,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoUpdate({
      target: deliveries.key,
      set: { card, final, revision: sql`${deliveries.revision} + 1`, updatedAt: now },
    })
    .returning({ id: deliveries.id, revision: deliveries.revision })
  if (!row) throw new Error(`The card ${key} was not stored.`)
  await notify(tx, 'delivery', `${surface} ${row.id}`)
  return row
}

export async function deliveryById(db: Queryable, id: DeliveryId): Promise<DeliveryRow | undefined> {
  return (await db.select().from(deliveries).where(eq(deliveries.id, id)))[0]
}

export async function deliveryByKey(db: Queryable, key: string): Promise<DeliveryRow | undefined> {
  return (await db.select().from(deliveries).where(eq(deliveries.key, key)))[0]
}

/** Every card that tells of a request, or of the operation it became wherever that is shown; oldest first. */
export async function deliveriesAbout(
  db: Queryable,
  about: { readonly requestId: RequestId; readonly threadId: ThreadId; readonly operationId: OperationId | null },
): Promise<DeliveryRow[]> {
  const { requestId, threadId, operationId } = about
  const inThread = and(eq(deliveries.threadId, threadId), eq(deliveries.requestId, requestId))
  const theirs = operationId ? or(inThread, eq(deliveries.operationId, operationId)) : inThread
  return db.select().from(deliveries).where(theirs).orderBy(asc(deliveries.createdAt), asc(deliveries.id))
}

/** Takes all cards of these operations at once, in the order in which the sender takes them: before the cards of several are written. */
export async function holdCards(tx: Transaction, ids: readonly OperationId[]): Promise<void> {
  await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(inArray(deliveries.operationId, [...ids]))
    .orderBy(deliveries.key)
    .for('no key update')
}

/**
 * Gives the open messages about these matters of an operation, wherever they are, their last card. Takes all of its cards, in the order in which
 * the sender takes them: whoever writes others of them in the same transaction does so after this.
 */
export async function closeNotices(
  tx: Transaction,
  { operationId, about, card, now }: { operationId: OperationId; about: readonly string[]; card: Card; now: Date },
): Promise<void> {
  const { id, key, final } = deliveries
  const mine = eq(deliveries.operationId, operationId)
  const all = await tx.select({ id, key, final }).from(deliveries).where(mine).orderBy(key).for('no key update')
  const open = all.filter((row) => !row.final && about.includes(row.key.split(':', 1)[0] ?? ''))
  if (open.length === 0) return
  const closed = await tx
    .update(deliveries)
    .set({
      card: visibleCard(withoutSecrets(card)),
      final: true,
      revision: sql`${deliveries.revision} + 1`,
      updatedAt: now,
    })
    .where(
      inArray(
        deliveries.id,
        open.map(({ id }) => id),
      ),
    )
    .returning({ id: deliveries.id, surface: deliveries.surface })
  for (const { id, surface } of closed) await notify(tx, 'delivery', `${surface} ${id}`)
}

/** Oldest first; with `person`, without the cards that are for others only. */
export async function deliveriesOfThread(db: Queryable, threadId: ThreadId, person?: PersonId): Promise<DeliveryRow[]> {
  const theirs = person && or(isNull(deliveries.onlyPerson), eq(deliveries.onlyPerson, person))
  return db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.threadId, threadId), theirs))
    .orderBy(asc(deliveries.createdAt), asc(deliveries.id))
}
