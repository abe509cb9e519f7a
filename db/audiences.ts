import { eq, type SQL, sql } from 'drizzle-orm'
import { newDeliveryId, type OperationId, type ThreadId } from '../core/ids.ts'
import type { SurfaceName } from '../core/person.ts'
import type { Queryable, Transaction } from './database.ts'
import { jsonText } from './publish.ts'
import { audiences } from './schema/audiences.ts'
import { threads } from './schema/threads.ts'

/** A thread that shows an operation's card. */
export interface Audience {
  readonly threadId: ThreadId
  readonly surface: SurfaceName
}

interface ShownIn {
  readonly operationId: OperationId
  readonly threadId: ThreadId
}

/** The threads that show an operation's card beside its own. */
export async function audiencesOf(db: Queryable, operationId: OperationId): Promise<Audience[]> {
  return db
    .select({ threadId: audiences.threadId, surface: threads.surface })
    .from(audiences)
    .innerJoin(threads, eq(threads.id, audiences.threadId))
    .where(eq(audiences.operationId, operationId))
    .orderBy(audiences.threadId)
}

/** Whether a thread shows an operation's card: it was asked there, or the thread is one of its audience. */
export async function isShownIn(db: Queryable, { operationId, threadId }: ShownIn): Promise<boolean> {
  const { rows } = await db.execute(sql`
    select 1 from quarterdeck.operations where id = ${operationId} and thread_id = ${threadId}
    union all select 1 from quarterdeck.audiences where operation_id = ${operationId} and thread_id = ${threadId} limit 1`)
  return rows.length > 0
}

/** Gives an operation one more thread. Returns false where it had it. */
export async function addAudience(tx: Transaction, { operationId, threadId }: ShownIn): Promise<boolean> {
  const added = await tx.insert(audiences).values({ operationId, threadId }).onConflictDoNothing().returning()
  return added.length > 0
}

/** A thread's key with the parts of it between colons, so that a channel is looked for as a whole. */
export const asPath = (key: string) => `':' || translate(${key}, '; ', '::') || ':'`

/**
 * The parts of a WITH that give the operations of `published`, an earlier part of it, a thread in each channel that subscribed to what they
 * touch: `heard` has those threads. Not where they were asked, which shows them anyway, and not twice. `targets` is the expression for a
 * plan's targets; keys of threads that are yet to begin are as in core/channel-key.ts.
 */
export const hearing = (targets: string, heardAtAll = 'true'): SQL =>
  sql.raw(`heard as materialized (
    select published.n, published.operation_id, published.at, channel.surface,
      channel.channel_key || ' ' || published.operation_id as surface_key,
      'th-' || left(md5(published.delivery_id || channel.surface || channel.channel_key), 16) as thread_id
    from published join quarterdeck.threads own on own.id = published.thread_id
      cross join lateral (
        select distinct on (surface, place) surface, place, channel_key
        from quarterdeck.subscriptions, substring(channel_key from '[^:]+$') as place
        where exists (select from jsonb_array_elements(${targets}) as target
          where (service is null or service = coalesce(target->>'service', service))
            and (environment is null or environment = coalesce(target->>'environment', environment)))
        order by surface, place, length(channel_key) desc
      ) as channel
    where ${heardAtAll}
      and not exists (
        select from (
          select own.surface, own.surface_key
          union all
          select threads.surface, threads.surface_key from quarterdeck.audiences join quarterdeck.threads on threads.id = audiences.thread_id
          where audiences.operation_id = published.operation_id
        ) as shown
        where shown.surface = channel.surface and strpos(${asPath('shown.surface_key')}, ':' || channel.place || ':') > 0)
  ), begun as (
    insert into quarterdeck.threads (id, surface, surface_key, created_at, updated_at)
    select thread_id, surface, surface_key, at, at from heard order by surface, surface_key
  ), tuned as (
    insert into quarterdeck.audiences (operation_id, thread_id) select operation_id, thread_id from heard
  )`)

/** Gives an operation that is stored a thread in each further channel that subscribed to these targets. */
export async function tuneIn(
  tx: Transaction,
  operation: { readonly id: OperationId; readonly threadId: ThreadId },
  targets: readonly object[],
  now: Date,
): Promise<void> {
  const { id: operation_id, threadId: thread_id } = operation
  const row = { n: 0, operation_id, thread_id, delivery_id: newDeliveryId(), at: now, targets }
  await tx.execute(sql`
    with published as materialized (
      select * from jsonb_to_recordset(${jsonText([row])}::jsonb)
        as item (n integer, operation_id text, thread_id text, delivery_id text, at timestamptz, targets jsonb)
    ), ${hearing('published.targets')}
    select count(*) from heard`)
}
