import { type SQL, sql } from 'drizzle-orm'
import type { OperationId, ThreadId } from '../core/ids.ts'
import { SURFACES } from '../core/person.ts'
import type { Transaction } from './database.ts'
import { jsonText } from './publish.ts'
import type { Store } from './store.ts'

/** So many rows at once: the embedded store does nothing else meanwhile. */
const BATCH = 2_000

/** What stands empty without anything of it being dropped, because nobody ever said a word in it, is looked for among the newest old ones. */
const LOOKED_BACK = sql`interval '30 days'`

/** An operation that is not over, or has been for a short while, or of which somebody still has something to hear. */
const moving = (column: string, before: SQL) => sql`(
  exists (select from quarterdeck.operations o
    where o.id = ${sql.raw(column)} and (o.finished_at is null or o.finished_at >= ${before}))
  or exists (select from quarterdeck.outbox w where w.operation_id = ${sql.raw(column)} and w.done_at is null))`

/**
 * Drops what was said and shown before then and nothing depends on. Operations stay, with what was said for them, their steps and their
 * audit; so do cards that may still be edited, and the threads that these are in. A card that was not shown by then is no news. What is
 * looked at is what may go, and not all that ever was: with each card and each word go the places that it leaves empty. What others hold
 * is left for the next time, so that this never waits for them.
 */
export async function forgetConversations(store: Pick<Store, 'transaction'>, before: Date): Promise<void> {
  const then = sql`${before.toISOString()}::timestamptz`
  await inBatches(store, (tx) => dropCards(tx, then))
  await inBatches(store, (tx) => dropRequests(tx, then))
  // Of each surface, as their index has them.
  const empty = sql`thread.surface in ${[...SURFACES]} and thread.updated_at >= ${then} - ${LOOKED_BACK}`
  await inBatches(store, (tx) => dropThreads(tx, then, empty))
  await inBatches(store, (tx) => dropPlaces(tx, then, sql`place.updated_at >= ${then} - ${LOOKED_BACK}`))
}

interface Card extends Record<string, unknown> {
  readonly thread_id: ThreadId
  readonly operation_id: OperationId | null
}

async function dropCards(tx: Transaction, then: SQL): Promise<number> {
  // That somebody was welcomed is known by the card, and nobody is welcomed twice.
  const { rows } = await tx.execute<Card>(sql`
    delete from quarterdeck.deliveries where id in (
      select card.id from quarterdeck.deliveries card
      where greatest(card.updated_at, card.sent_at) < ${then}
        and not starts_with(card.key, 'welcome:') and not ${moving('card.operation_id', then)}
      order by greatest(card.updated_at, card.sent_at) limit ${BATCH} for update of card skip locked)
    returning thread_id, operation_id`)
  if (rows.length === 0) return 0
  await tx.execute(sql`
    delete from quarterdeck.audiences where (operation_id, thread_id) in (
      select heard.operation_id, heard.thread_id from quarterdeck.audiences heard
        join jsonb_to_recordset(${jsonText(rows)}::jsonb) as gone (operation_id text, thread_id text) using (operation_id, thread_id)
      where not exists (select from quarterdeck.deliveries card
        where card.operation_id = heard.operation_id and card.thread_id = heard.thread_id)
      for update of heard skip locked)`)
  await dropThreads(tx, then, among(rows))
  return rows.length
}

async function dropRequests(tx: Transaction, then: SQL): Promise<number> {
  const { rows } = await tx.execute<{ thread_id: ThreadId }>(sql`
    delete from quarterdeck.requests where id in (
      select said.id from quarterdeck.requests said
      where said.received_at < ${then} and said.operation_id is null
        and not exists (select from quarterdeck.deliveries card
          where card.thread_id = said.thread_id and card.request_id = said.id)
      order by said.received_at limit ${BATCH} for update of said skip locked)
    returning thread_id`)
  if (rows.length > 0) await dropThreads(tx, then, among(rows))
  return rows.length
}

const among = (rows: readonly { readonly thread_id: ThreadId }[]) =>
  sql`thread.id in (select jsonb_array_elements_text(${jsonText(rows.map((row) => row.thread_id))}::jsonb))`

/** Those of `which` that nothing is in. */
async function dropThreads(tx: Transaction, then: SQL, which: SQL): Promise<number> {
  const { rows } = await tx.execute<{ surface: string; surface_key: string }>(sql`
    delete from quarterdeck.threads where id in (
      select thread.id from quarterdeck.threads thread
      where ${which} and thread.updated_at < ${then}
        and not exists (select from quarterdeck.requests said where said.thread_id = thread.id)
        and not exists (select from quarterdeck.deliveries card where card.thread_id = thread.id)
        and not exists (select from quarterdeck.audiences heard where heard.thread_id = thread.id)
        and not exists (select from quarterdeck.operations o where o.thread_id = thread.id)
      limit ${BATCH} for update of thread skip locked)
    returning surface, surface_key`)
  const teams = rows.filter(({ surface }) => surface === 'teams').map((row) => row.surface_key)
  if (teams.length > 0)
    await dropPlaces(tx, then, sql`place.id in (select jsonb_array_elements_text(${jsonText(teams)}::jsonb))`)
  return rows.length
}

/** Chats and channels stay known, because somebody may be told something there at any time; a thread of a channel is needed for its own cards. */
async function dropPlaces(tx: Transaction, then: SQL, which: SQL): Promise<number> {
  const { rows } = await tx.execute(sql`
    delete from quarterdeck.teams_conversations where id in (
      select place.id from quarterdeck.teams_conversations place
      where ${which} and place.updated_at < ${then} and strpos(place.id, ';') > 0
        and not exists (select from quarterdeck.threads thread
          where thread.surface = 'teams' and thread.surface_key = place.id)
      limit ${BATCH} for update of place skip locked)
    returning id`)
  return rows.length
}

/** What is dropped together commits together: whoever dies in between leaves no place behind that nobody would look at again. */
async function inBatches(store: Pick<Store, 'transaction'>, drop: (tx: Transaction) => Promise<number>): Promise<void> {
  while ((await store.transaction(drop)) >= BATCH);
}
