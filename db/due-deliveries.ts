import { and, desc, eq, getTableColumns, gt, isNotNull, sql } from 'drizzle-orm'
import type { DeliveryId, PersonId } from '../core/ids.ts'
import type { SurfaceName } from '../core/person.ts'
import { asPath } from './audiences.ts'
import type { Queryable } from './database.ts'
import type { DeliveryRow } from './deliveries.ts'
import { deliveries } from './schema/deliveries.ts'
import { threads } from './schema/threads.ts'

/** A delivery as a sender needs it. `ref` is null until the message was posted. */
export type DueDelivery = DeliveryRow & { readonly threadKey: string }

const iso = (at: Date) => sql`${at.toISOString()}::timestamptz`

/**
 * Takes due deliveries for a while: nobody else sends them until the lease ends. Oldest wish first. Those that the surface would not take
 * come only when they are asked for, so that no other one stands behind them.
 */
export async function claimDeliveries(
  db: Queryable,
  claim: {
    surfaces: readonly SurfaceName[]
    owner: string
    now: Date
    leaseMs: number
    limit: number
    refused?: boolean
  },
): Promise<DueDelivery[]> {
  if (claim.surfaces.length === 0) return []
  const leaseUntil = new Date(claim.now.getTime() + claim.leaseMs)
  const now = iso(claim.now)
  const surfaces = sql`array[${sql.join(
    claim.surfaces.map((surface) => sql`${surface}`),
    sql`, `,
  )}]::text[]`
  const isDue = (name: string) => {
    const card = sql.raw(name)
    return sql`${card}.revision > ${card}.sent_revision and ${card}.given_up_at is null
      and (${card}.refused_since is not null) = ${claim.refused ?? false}
      and ${card}.next_at <= ${now} and (${card}.lease_until is null or ${card}.lease_until < ${now})`
  }
  // The database takes a third of all cards to be due, because it cannot know better, and would rather read the table: so of each surface only
  // so many are looked at, those that may go for longest, as their index has them.
  const claimed = await db
    .update(deliveries)
    .set({ leaseOwner: claim.owner, leaseUntil })
    .from(threads)
    .where(
      and(
        eq(threads.id, deliveries.threadId),
        sql`${deliveries.id} in (
          select d.id from unnest(${surfaces}) as place
            cross join lateral (select first.id from ${deliveries} first where first.surface = place and ${isDue('first')}
              order by first.next_at limit ${sql.raw(`${2 * claim.limit}`)}) as soon
            join ${deliveries} d on d.id = soon.id
          where ${isDue('d')}
          order by d.updated_at limit ${claim.limit} for update of d skip locked)`,
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
      refused_since = null, given_up_at = null, sends = sends + 1, sent_at = now(), lease_owner = null, lease_until = null
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

/** Gives back all that a sender still has claimed, as it is. */
export async function releaseDeliveries(db: Queryable, owner: string): Promise<void> {
  await db.execute(sql`
    with mine as materialized (
      select id from ${deliveries} where revision > sent_revision and given_up_at is null and lease_owner = ${owner}
      order by key for no key update)
    update ${deliveries} set lease_owner = null, lease_until = null from mine where ${deliveries}.id = mine.id`)
}

/** What a surface took last, newest first, by the database's clock. */
export async function sentLately(
  db: Queryable,
  sent: { surface: SurfaceName; withinMs: number; limit: number },
): Promise<DueDelivery[]> {
  const since = sql`now() - ${sent.withinMs} * interval '1 millisecond'`
  return db
    .select({ ...getTableColumns(deliveries), threadKey: threads.surfaceKey })
    .from(deliveries)
    .innerJoin(threads, eq(threads.id, deliveries.threadId))
    .where(
      and(
        eq(deliveries.surface, sent.surface),
        isNotNull(deliveries.ref),
        gt(deliveries.sentAt, since),
        // Says nothing new, but this has an index.
        sql`greatest(${deliveries.updatedAt}, ${deliveries.sentAt}) > ${since}`,
      ),
    )
    .orderBy(desc(deliveries.sentAt))
    .limit(sent.limit)
}

/** Records a failure and when to try again; the lease ends. */
export async function markSendFailed(
  db: Queryable,
  failure: { id: DeliveryId; error: string; nextAt: Date; refusedSince?: Date; givenUpAt?: Date },
): Promise<void> {
  await db
    .update(deliveries)
    .set({
      lastError: failure.error.slice(0, 1000),
      nextAt: failure.nextAt,
      refusedSince: failure.refusedSince,
      givenUpAt: failure.givenUpAt,
      attempts: sql`${deliveries.attempts} + 1`,
      failures: sql`${deliveries.failures} + 1`,
      leaseOwner: null,
      leaseUntil: null,
    })
    .where(eq(deliveries.id, failure.id))
}

/** What was refused and not given up is due now, if it is of `since` or newer. */
export async function hurryNews(
  db: Queryable,
  news: { surfaces: readonly SurfaceName[]; now: Date; since: Date },
): Promise<void> {
  await db.execute(sql`
    with mine as materialized (
      select id from quarterdeck.deliveries
      where surface in ${[...news.surfaces]} and refused_since is not null and given_up_at is null
        and updated_at >= ${iso(news.since)}
      order by key for no key update skip locked)
    update quarterdeck.deliveries card set next_at = ${iso(news.now)} from mine where card.id = mine.id`)
}

/** A place that may take cards again. */
export interface Reopened {
  readonly surface: SurfaceName
  readonly now: Date
  /** A channel, or a workspace. Absent, with no person either: all of the surface. */
  readonly place?: string | undefined
  /** Whose own cards may go now. */
  readonly person?: PersonId | undefined
  /** Cards of channels that are known by their names alone, too: one of them may be this one. */
  readonly named?: boolean | undefined
}

/**
 * What such a place refused is due now. Of what was given up, that is so of what is still current: whose operation is not over; it is
 * then tried for as long as anew.
 */
export async function hurryRefused(db: Queryable, { surface, now, place, person, named }: Reopened): Promise<void> {
  const at = iso(now)
  const here = [
    ...(place === undefined ? [] : [sql`strpos(${sql.raw(asPath('thread.surface_key'))}, ${`:${place}:`}) > 0`]),
    ...(person === undefined ? [] : [sql`card.only_person = ${person}`]),
    ...(named ? [sql`strpos(thread.surface_key, '#') > 0`] : []),
  ]
  await db.execute(sql`
    with mine as materialized (
      select card.id from quarterdeck.deliveries card join quarterdeck.threads thread on thread.id = card.thread_id
      where card.surface = ${surface} and card.refused_since is not null and card.revision > card.sent_revision
        and (card.given_up_at is null or exists (
          select from quarterdeck.operations o where o.id = card.operation_id and o.finished_at is null))
        and (${here.length === 0 ? sql`true` : sql.join(here, sql` or `)})
      order by card.key for no key update of card skip locked)
    update quarterdeck.deliveries card set next_at = ${at}, given_up_at = null,
      refused_since = case when given_up_at is null then refused_since else ${at} end
    from mine where card.id = mine.id`)
}
