import { sql } from 'drizzle-orm'
import { index, integer, text } from 'drizzle-orm/pg-core'
import type { OperationId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import { json, moment, serial } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

export const OUTBOX_KINDS = ['advance', 'expire', 'remind', 'unlock', 'review'] as const
export type OutboxKind = (typeof OUTBOX_KINDS)[number]

/** Work to wake a worker for, committed with the state that asks for it. A dispatcher turns rows into BullMQ jobs. */
export const outbox = quarterdeck.table(
  'outbox',
  {
    id: serial('id'),
    kind: text('kind', { enum: OUTBOX_KINDS }).notNull(),
    operationId: text('operation_id').$type<OperationId>(),
    payload: json<JsonObject>('payload').notNull().default({}),
    dueAt: moment('due_at').notNull(),
    dispatchedAt: moment('dispatched_at'),
    doneAt: moment('done_at'),
    /** How often it was handed to the queue. */
    attempts: integer('attempts').notNull().default(0),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('outbox_new_index').on(table.id).where(sql`dispatched_at is null and done_at is null`),
    index('outbox_undone_index').on(table.dueAt).where(sql`done_at is null`),
    index('outbox_operation_index').on(table.operationId).where(sql`done_at is null`),
    index('outbox_done_index').on(table.doneAt).where(sql`done_at is not null`),
  ],
)
