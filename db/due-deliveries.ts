import { and, desc, eq, getTableColumns, gt, gte, inArray, isNotNull, sql } from 'drizzle-orm'
import type { DeliveryId } from '../core/ids.ts'
import type { SurfaceName } from '../core/person.ts'
import type { Queryable } from './database.ts'
import type { DeliveryRow } from './deliveries.ts'
import { deliveries } from './schema/deliveries.ts'
import { threads } from './schema/threads.ts'

/** A delivery as a sender needs it. `ref` is null until the message was posted. */
export type DueDelivery = DeliveryRow & { readonly threadKey: string }

/** Takes due deliveries for a while: nobody else sends them until the lease ends. Oldest wish first. */
export async function claimDeliveries(
  db: Queryable,
  claim: { surfaces: readonly SurfaceName[]; owner: string; now: Date; leaseMs: number; limit: number },
): Promise<DueDelivery[]> {
  if (claim.surfaces.length === 0) return []
  const leaseUntil = new Date(claim.now.getTime() + claim.leaseMs)
  const now = claim.now.toISOString()
  const claimed = await db
    .update(deliveries)
    .set({ leaseOwner: claim.owner, leaseUntil })
    .from(threads)
    .where(
      and(
        eq(threads.id, deliveries.threadId),
        sql`${deliveries.id} in (
          select d.id from ${deliveries} d
          where d.surface in ${[...claim.surfaces]} and d.revision > d.sent_revision
            and d.next_at <= ${now}::timestamptz and (d.lease_until is null or d.lease_until < ${now}::timestamptz)
          order by d.updated_at limit ${claim.limit} for update skip locked)`,
      ),
    )
    .returning({ ...getTableColumns(deliveries), threadKey: threads.surfaceKey })
  return claimed.sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime())
}

/**
 * Several cards at once, locked in the order of their keys: whoever publishes several takes them in the same order, so that the two never
 * wait for each other.
 */
const inOrder = (ids: readonly DeliveryId[]) =>
  sql`select id from ${deliveries} where id in ${[...ids]} order by key for no key update`

/**
 * Written before a first post whose answer could be lost: whoever finds `attempts` above 0 and no `ref` looks on the surface before
 * posting again.
 */
export async function markPosting(db: Queryable, ids: readonly DeliveryId[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .update(deliveries)
    .set({ attempts: sql`${deliveries.attempts} + 1` })
    .where(sql`${deliveries.id} in (${inOrder(ids)})`)
}

/** Records what was sent, in one statement for the whole batch. A card that moved on meanwhile is due again at once. */
export async function markSent(
  db: Queryable,
  sent: readonly { id: DeliveryId; revision: number; ref: string }[],
): Promise<void> {
  if (sent.length === 0) return
  const list = sql.join(
    sent.map(({ id, revision, ref }) => sql`(${id}::text, ${revision}::integer, ${ref}::text)`),
    sql`, `,
  )
  await db.execute(sql`
    with mine as materialized (${inOrder(sent.map(({ id }) => id))})
    update ${deliveries} set sent_revision = greatest(sent_revision, s.sent), ref = s.message, attempts = 0, last_error = null,
      sends = sends + 1, sent_at = now(), lease_owner = null, lease_until = null
    from (values ${list}) as s (delivery, sent, message) join mine on mine.id = s.delivery
    where ${deliveries}.id = s.delivery`)
}

/** Gives back what was claimed and may not go yet, in one statement: no try is counted. What is another's by now stays theirs. */
export async function postponeDeliveries(
  db: Queryable,
  owner: string,
  rows: readonly { id: DeliveryId; nextAt: Date }[],
): Promise<void> {
  if (rows.length === 0) return
  const list = sql.join(
    rows.map(({ id, nextAt }) => sql`(${id}::text, ${nextAt.toISOString()}::timestamptz)`),
    sql`, `,
  )
  await db.execute(sql`
    with mine as materialized (${inOrder(rows.map(({ id }) => id))})
    update ${deliveries} set next_at = w.at, lease_owner = null, lease_until = null
    from (values ${list}) as w (delivery, at) join mine on mine.id = w.delivery
    where ${deliveries}.id = w.delivery and lease_owner = ${owner}`)
}

/** What a surface took last, newest first, by the database's clock. */
export async function sentLately(
  db: Queryable,
  sent: { surface: SurfaceName; withinMs: number; limit: number },
): Promise<DueDelivery[]> {
  const since = sql`clock_timestamp() - ${sent.withinMs} * interval '1 millisecond'`
  return db
    .select({ ...getTableColumns(deliveries), threadKey: threads.surfaceKey })
    .from(deliveries)
    .innerJoin(threads, eq(threads.id, deliveries.threadId))
    .where(and(eq(deliveries.surface, sent.surface), isNotNull(deliveries.ref), gt(deliveries.sentAt, since)))
    .orderBy(desc(deliveries.sentAt))
    .limit(sent.limit)
}

/** Records a failure and when to try again; the lease ends. */
export async function markSendFailed(
  db: Queryable,
  failure: { id: DeliveryId; error: string; nextAt: Date },
): Promise<void> {
  await db
    .update(deliveries)
    .set({
      lastError: failure.error.slice(0, 1000),
      nextAt: failure.nextAt,
      attempts: sql`${deliveries.attempts} + 1`,
      failures: sql`${deliveries.failures} + 1`,
      leaseOwner: null,
      leaseUntil: null,
    })
    .where(eq(deliveries.id, failure.id))
}

/** What failed and was to wait until after `until` is due now, if it is of `since` or newer. */
export async function hurryFailed(
  db: Queryable,
  failed: { surfaces: readonly SurfaceName[]; now: Date; until: Date; since: Date },
): Promise<void> {
  const { surfaces, now, until, since } = failed
  const isUnsent = and(isNotNull(deliveries.lastError), gt(deliveries.revision, deliveries.sentRevision))
  const waits = and(isUnsent, gte(deliveries.updatedAt, since))
  await db
    .update(deliveries)
    .set({ nextAt: now })
    .where(and(inArray(deliveries.surface, [...surfaces]), gt(deliveries.nextAt, until), waits))
}
