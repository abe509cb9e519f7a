import { type SQL, sql } from 'drizzle-orm'
import type { Store } from './store.ts'

/** So many rows in one statement: the embedded store does nothing else meanwhile. */
const BATCH = 2_000

/** An operation that is not over, or has been for a short while, or of which somebody still has something to hear. */
const moving = (column: string, before: SQL) => sql`(
  exists (select from quarterdeck.operations o
    where o.id = ${sql.raw(column)} and (o.finished_at is null or o.finished_at >= ${before}))
  or exists (select from quarterdeck.outbox w where w.operation_id = ${sql.raw(column)} and w.done_at is null))`

/**
 * Drops what was said and shown before then and nothing depends on. Operations stay, with what was said for them, their steps and their
 * audit; so do cards that may still be edited, and the threads that these are in. A card that was not shown by then is no news. In the
 * order in which one leaves the other free; each table's rows in the order of their keys, as everybody locks them.
 */
export async function forgetConversations(store: Store, before: Date): Promise<void> {
  const then = sql`${before.toISOString()}::timestamptz`
  // That somebody was welcomed is known by the card, and nobody is welcomed twice.
  await inBatches(
    store,
    sql`delete from quarterdeck.deliveries where id in (
      select card.id from quarterdeck.deliveries card
      where card.updated_at < ${then} and coalesce(card.sent_at, card.updated_at) < ${then}
        and not starts_with(card.key, 'welcome:') and not ${moving('card.operation_id', then)}
      order by card.key limit ${BATCH} for update of card skip locked)`,
  )
  await inBatches(
    store,
    sql`delete from quarterdeck.requests where id in (
      select said.id from quarterdeck.requests said
      where said.received_at < ${then} and said.operation_id is null
        and not exists (select from quarterdeck.operations o where o.request_id = said.id)
        and not exists (select from quarterdeck.deliveries card where card.request_id = said.id)
      order by said.id limit ${BATCH} for update of said skip locked)`,
  )
  await inBatches(
    store,
    sql`delete from quarterdeck.audiences where (operation_id, thread_id) in (
      select heard.operation_id, heard.thread_id from quarterdeck.audiences heard
        join quarterdeck.operations o on o.id = heard.operation_id
      where o.finished_at < ${then} and not ${moving('heard.operation_id', then)}
        and not exists (select from quarterdeck.deliveries card
          where card.operation_id = heard.operation_id and card.thread_id = heard.thread_id)
      order by heard.operation_id, heard.thread_id limit ${BATCH} for update of heard skip locked)`,
  )
  await inBatches(
    store,
    sql`delete from quarterdeck.threads where id in (
      select thread.id from quarterdeck.threads thread
      where thread.updated_at < ${then}
        and not exists (select from quarterdeck.requests said where said.thread_id = thread.id)
        and not exists (select from quarterdeck.deliveries card where card.thread_id = thread.id)
        and not exists (select from quarterdeck.audiences heard where heard.thread_id = thread.id)
        and not exists (select from quarterdeck.operations o where o.thread_id = thread.id)
      order by thread.id limit ${BATCH} for update of thread skip locked)`,
  )
  // Chats and channels stay known, because somebody may be told something there at any time; a thread of a channel is needed for its own cards.
  await inBatches(
    store,
    sql`delete from quarterdeck.teams_conversations where id in (
      select place.id from quarterdeck.teams_conversations place
      where place.updated_at < ${then} and strpos(place.id, ';') > 0
        and not exists (select from quarterdeck.threads thread
          where thread.surface = 'teams' and thread.surface_key = place.id)
      order by place.id limit ${BATCH} for update of place skip locked)`,
  )
}

async function inBatches({ db }: Store, remove: SQL): Promise<void> {
  for (;;) {
    const { rows } = await db.execute(sql`${remove} returning 1`)
    if (rows.length < BATCH) return
  }
}
