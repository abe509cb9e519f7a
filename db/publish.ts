import { sql } from 'drizzle-orm'
import type { Card } from '../core/card.ts'
import { newDeliveryId, type OperationId, type RequestId, type ThreadId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { withoutSecrets } from '../core/secrets.ts'
import type { Transaction } from './database.ts'
import type { OutboxKind } from './schema/outbox.ts'

/**
 * A value as the text of a jsonb parameter. NUL and lone surrogates, which PostgreSQL refuses, become the replacement character, so
 * that hostile text cannot make a write fail.
 */
export function jsonText(value: unknown): string {
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
  readonly outbox: readonly { readonly kind: OutboxKind; readonly dueAt: Date; readonly payload?: JsonObject }[]
  readonly card: Card
  readonly final: boolean
  readonly now: Date
}

/**
 * Everything that goes with a new state of an operation, in one statement: its audit rows, its outbox rows, the newest revision of its
 * card (on the surface of its thread), and the hints that are sent when the transaction commits. One round trip instead of six, on
 * the way of every change.
 */
export async function publishOperation(tx: Transaction, publication: Publication): Promise<void> {
  const { operationId, requestId, threadId, told, outbox, card, final, now } = publication
  const at = sql`${now.toISOString()}::timestamptz`
  const { rows } = await tx.execute(sql`
    with told as (
      insert into quarterdeck.audit (at, actor, kind, operation_id, request_id, says, data)
      select ${at}, row->>'actor', row->>'kind', ${operationId}, ${requestId}, row->>'says', coalesce(row->'data', '{}')
      from jsonb_array_elements(${jsonText(withoutSecrets(told))}::jsonb) with ordinality as list (row, place) order by place
    ), wake as (
      insert into quarterdeck.outbox (kind, operation_id, payload, due_at, created_at)
      select row->>'kind', ${operationId}, coalesce(row->'payload', '{}'), (row->>'dueAt')::timestamptz, ${at}
      from jsonb_array_elements(${jsonText(outbox)}::jsonb) with ordinality as list (row, place) order by place
      returning 1
    ), card as (
      insert into quarterdeck.deliveries as live
        (id, key, surface, thread_id, card, final, request_id, operation_id, next_at, created_at, updated_at)
      select ${newDeliveryId()}, ${`operation:${operationId}`}, surface, id, ${jsonText(withoutSecrets(card))}::jsonb, ${final}::boolean,
        ${requestId}, ${operationId}, ${at}, ${at}, ${at}
      from quarterdeck.threads where id = ${threadId}
      on conflict (key) do update set card = excluded.card, final = excluded.final, revision = live.revision + 1,
        updated_at = excluded.updated_at
      returning id, surface
    )
    select pg_notify('quarterdeck_delivery', surface || ' ' || id), pg_notify('quarterdeck_operation', ${operationId}),
      (select pg_notify('quarterdeck_outbox', '') from wake limit 1)
    from card`)
  if (rows.length === 0) throw new Error(`the thread ${threadId} of ${operationId} is gone`)
}
