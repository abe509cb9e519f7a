import { and, asc, desc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { DeliveryId, OperationId, PersonId, ThreadId } from '../core/ids.ts'
import type { SurfaceName } from '../core/person.ts'
import { TERMINAL_STATES } from '../core/states.ts'
import type { Queryable } from './database.ts'
import { deliveries } from './schema/deliveries.ts'
import { operations } from './schema/operations.ts'
import { requests } from './schema/requests.ts'
import { threads } from './schema/threads.ts'

/** A thread as a list shows it. */
export interface ThreadLine {
  readonly surface: SurfaceName
  readonly key: string
  readonly title: string | null
  /** What was said in it first, for want of a title. */
  readonly firstSaid: string | null
  readonly openedBy: PersonId | null
  /** The last time something was said in it or one of its cards moved that this person may see. */
  readonly movedAt: Date
  /** Operations in it that have not ended. */
  readonly open: number
}

/** Of each surface so many are looked at: those spoken in last. Older ones are only where something in them is not over. */
const LOOKED_AT = 500

/** The threads of these surfaces that moved last, newest first. */
export async function threadLines(
  db: Queryable,
  filter: { surfaces: readonly SurfaceName[]; person: PersonId; limit: number },
): Promise<ThreadLine[]> {
  const ended = sql.join(
    TERMINAL_STATES.map((state) => sql`${state}`),
    sql`, `,
  )
  // Columns of the outer query are written out: drizzle leaves the table's name away, and inside a subquery that means another one.
  const outer = sql`${threads}.id`
  const moved = sql`greatest(${threads.updatedAt}, (select max(d.updated_at) from ${deliveries} d
    where d.thread_id = ${outer} and (d.only_person is null or d.only_person = ${filter.person})))`
  const rows = await db
    .select({
      surface: threads.surface,
      key: threads.surfaceKey,
      title: threads.title,
      openedBy: threads.openedBy,
      firstSaid: sql<string | null>`(select left(r.text, 200) from ${requests} r where r.thread_id = ${outer}
        order by r.received_at limit 1)`,
      movedAt: sql<Date | string>`${moved}`,
      open: sql<number>`(select count(*)::integer from ${operations} o
        where o.thread_id = ${outer} and o.state not in (${ended}))`,
    })
    .from(threads)
    .where(and(inArray(threads.surface, [...filter.surfaces]), sql`${outer} in (${mayHaveMoved(filter.surfaces)})`))
    .orderBy(desc(moved))
    .limit(filter.limit)
  return rows.map((row) => ({ ...row, movedAt: new Date(row.movedAt) }))
}

/** When a card moved last stands with each card: to ask all threads for theirs would take the longer the more there are. */
function mayHaveMoved(surfaces: readonly SurfaceName[]) {
  const newest = surfaces.map(
    (surface) => sql`(select newest.id from quarterdeck.threads newest where newest.surface = ${surface}
      order by newest.updated_at desc limit ${LOOKED_AT})`,
  )
  const open = sql`select thread_id from quarterdeck.operations where finished_at is null`
  return sql.join([...newest, open], sql` union all `)
}

export type SaidRow = Pick<typeof requests.$inferSelect, 'id' | 'key' | 'personId' | 'text' | 'receivedAt'>

/** The newest part of a thread at or before a moment: what was said, and the cards this person may see; each oldest first. */
export async function threadPart(
  db: Queryable,
  threadId: ThreadId,
  part: { person: PersonId; before?: Date; limit: number },
): Promise<{ said: SaidRow[]; cards: (typeof deliveries.$inferSelect)[] }> {
  const { id, key, personId, text, receivedAt } = requests
  const said = await db
    .select({ id, key, personId, text, receivedAt })
    .from(requests)
    .where(and(eq(requests.threadId, threadId), part.before && lte(receivedAt, part.before)))
    .orderBy(desc(receivedAt), desc(id))
    .limit(part.limit)
  const cards = await db
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.threadId, threadId),
        or(isNull(deliveries.onlyPerson), eq(deliveries.onlyPerson, part.person)),
        part.before && lte(deliveries.createdAt, part.before),
      ),
    )
    .orderBy(desc(deliveries.createdAt), desc(deliveries.id))
    .limit(part.limit)
  return { said: said.reverse(), cards: cards.reverse() }
}

export type CardRow = typeof deliveries.$inferSelect & { readonly threadKey: string }

/** These cards with the keys of their threads; those that do not exist are left out. */
export async function cardsById(db: Queryable, ids: readonly DeliveryId[]): Promise<CardRow[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select()
    .from(deliveries)
    .innerJoin(threads, eq(threads.id, deliveries.threadId))
    .where(inArray(deliveries.id, [...ids]))
  return rows.map((row) => ({ ...row.deliveries, threadKey: row.threads.surfaceKey }))
}

/** Where the live cards of these operations are, on these surfaces. */
export async function placesOfOperations(
  db: Queryable,
  ids: readonly OperationId[],
  surfaces: readonly SurfaceName[],
): Promise<Map<OperationId, { threadKey: string; deliveryId: DeliveryId }>> {
  const places = new Map<OperationId, { threadKey: string; deliveryId: DeliveryId }>()
  if (ids.length === 0) return places
  const rows = await db
    .select({ operationId: deliveries.operationId, deliveryId: deliveries.id, threadKey: threads.surfaceKey })
    .from(deliveries)
    .innerJoin(threads, eq(threads.id, deliveries.threadId))
    .where(and(inArray(deliveries.operationId, [...ids]), inArray(deliveries.surface, [...surfaces])))
    .orderBy(asc(deliveries.createdAt))
  for (const { operationId, ...place } of rows)
    if (operationId && !places.has(operationId)) places.set(operationId, place)
  return places
}
