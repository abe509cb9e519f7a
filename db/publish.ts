import { type SQL, sql } from 'drizzle-orm'
import type { Card } from '../core/card.ts'
import { newDeliveryId, type OperationId, type RequestId, type ThreadId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { withoutSecrets } from '../core/secrets.ts'
import { visibleCard } from '../core/visible-card.ts'
import type { Transaction } from './database.ts'
import type { OutboxKind } from './schema/outbox.ts'

/**
 * A value as the text of a jsonb parameter. NUL and lone surrogates, which PostgreSQL refuses, become the replacement character, so
 * that hostile text cannot make a write fail.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  // JSON writes both as escapes, so nearly every text is known to be good by one look.
  if (!/\\u0000|\\ud[89a-f]/i.test(text)) return text
  return JSON.stringify(value, (_key, part) =>
    typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '\uFFFD') : part,
  )
}

export interface Publication {
  readonly operationId: OperationId
  readonly requestId: RequestId
  readonly threadId: ThreadId
  readonly told: readonly {
    readonly actor: string
    readonly kind: string
    readonly says: string
    readonly data?: JsonObject
  }[]
  readonly outbox: readonly {
    readonly kind: OutboxKind
    readonly dueAt: Date
    readonly payload?: JsonObject
    /** Who writes it hands it to the queue as well: no dispatcher needs to look for it. */
    readonly handed?: true
  }[]
  readonly card: Card
  readonly final: boolean
  readonly now: Date
}

/** The columns of a publication in a list of rows that is handed over as JSON, for `jsonb_to_recordset`. */
export const PUBLICATION_COLUMNS =
  sql.raw(`n integer, operation_id text, request_id text, thread_id text, told jsonb, outbox jsonb,
  card jsonb, final boolean, delivery_id text, at timestamptz`)

/** A publication as such a row; `n` is its place among those that are written together. */
export function publicationRow(publication: Publication, n: number) {
  const { operationId, requestId, threadId, told, outbox, card, final, now } = publication
  return {
    n,
    operation_id: operationId,
    request_id: requestId,
    thread_id: threadId,
    told: withoutSecrets(told),
    outbox,
    card: visibleCard(withoutSecrets(card)),
    final,
    delivery_id: newDeliveryId(),
    at: now,
  }
}

/**
 * What writes the publications of the rows of `published`, an earlier part of the same WITH: their audit rows, their outbox rows and
 * the newest revision of each card, in its thread and in those of `audience` (the key of such a card ends in its thread); in the order of the
 * cards' keys, as the sender takes them. `hints` are sent if and when the transaction commits, once somebody
 * counts its rows. What is due at once (at the very time of the publication) is so by the database's clock too: else everybody would wait for a
 * writer's that runs ahead. Any other time stands as it is: that of a retry is counted by the database's clock and may lie before a writer's.
 */
const publishing = (audience: string): SQL =>
  sql.raw(`told as (
    insert into quarterdeck.audit (at, actor, kind, operation_id, request_id, says, data)
    select published.at, row->>'actor', row->>'kind', operation_id, request_id, row->>'says', coalesce(row->'data', '{}')
    from published cross join lateral jsonb_array_elements(told) with ordinality as list (row, place) order by n, place
  ), wake as (
    insert into quarterdeck.outbox (kind, operation_id, payload, due_at, created_at, dispatched_at, attempts)
    select row->>'kind', operation_id, coalesce(row->'payload', '{}'), case when due = published.at then written else due end, written,
      case when row ? 'handed' then written end, case when row ? 'handed' then 1 else 0 end
    from published cross join lateral jsonb_array_elements(outbox) with ordinality as list (row, place)
      cross join lateral (select (row->>'dueAt')::timestamptz as due, least(published.at, clock_timestamp()) as written) as times
    order by n, place
    returning id, kind, operation_id, dispatched_at
  ), card as (
    insert into quarterdeck.deliveries as live
      (id, key, surface, thread_id, card, final, request_id, operation_id, next_at, created_at, updated_at)
    select case when beside = '' then delivery_id else 'dl-' || left(md5(delivery_id || beside), 12) end,
      'operation:' || published.operation_id || beside, shown.surface, shown.thread_id, card, final, request_id, published.operation_id,
      published.at, published.at, published.at
    from published join (
        select own.n, own.thread_id, threads.surface, '' as beside
        from published own join quarterdeck.threads on threads.id = own.thread_id
        union all
        select n, thread_id, surface, ':' || thread_id from ${audience} as others
      ) as shown on shown.n = published.n
    order by 'operation:' || published.operation_id || beside
    on conflict (key) do update set card = excluded.card, final = excluded.final, revision = live.revision + 1,
      updated_at = excluded.updated_at
    returning id, surface, thread_id
  ), hints as (
    select pg_notify('quarterdeck_delivery', surface || ' ' || id)::text as hint from card
    union all
    select pg_notify('quarterdeck_outbox', '')::text from (select 1 from wake where dispatched_at is null limit 1) as first
  )`)

/** For operations that are stored: their audiences are, too. */
export const PUBLISHING: SQL = publishing(`(
          select heard.n, audiences.thread_id, threads.surface
          from published heard join quarterdeck.audiences on audiences.operation_id = heard.operation_id
            join quarterdeck.threads on threads.id = audiences.thread_id)`)

/** For operations that the same statement stores: their audiences are those of its part `heard` (db/audiences.ts). */
export const PUBLISHING_FIRST: SQL = publishing('heard')

/**
 * Everything that goes with a new state of an operation, in one statement: its audit rows, its outbox rows, the newest revision of its
 * card, and the hints. One round trip instead of six, on the way of every change.
 */
export async function publishOperation(tx: Transaction, publication: Publication): Promise<void> {
  const { rows } = await tx.execute<{ cards: string | number }>(sql`
    with published as materialized (
      select * from jsonb_to_recordset(${jsonText([publicationRow(publication, 0)])}::jsonb) as item (${PUBLICATION_COLUMNS})
    ), ${PUBLISHING}
    select (select count(id) from card join published using (thread_id)) as cards, (select count(hint) from hints)`)
  if (Number(rows[0]?.cards) !== 1)
    throw new Error(`the thread ${publication.threadId} of ${publication.operationId} is gone`)
}
