import { sql } from 'drizzle-orm'
import { boolean, index, integer, text } from 'drizzle-orm/pg-core'
import type { Card } from '../../core/card.ts'
import type { DeliveryId, OperationId, PersonId, RequestId, ThreadId } from '../../core/ids.ts'
import { SURFACES } from '../../core/person.ts'
import { json, moment, prose } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** One live message: the newest revision of its card, and what was sent of it. */
export const deliveries = quarterdeck.table(
  'deliveries',
  {
    id: text('id').$type<DeliveryId>().primaryKey(),
    surface: text('surface', { enum: SURFACES }).notNull(),
    threadId: text('thread_id').$type<ThreadId>().notNull(),
    /** What the message is about, e.g. `operation:op-…`: writing the same key again edits the same message. */
    key: text('key').notNull().unique(),
    card: json<Card>('card').notNull(),
    revision: integer('revision').notNull().default(1),
    sentRevision: integer('sent_revision').notNull().default(0),
    /** The surface's id of the posted message. */
    ref: text('ref'),
    /** Shown to this person only. */
    onlyPerson: text('only_person').$type<PersonId>(),
    /** The operation ended: this is its last state, though its buttons may still die later. */
    final: boolean('final').notNull().default(false),
    requestId: text('request_id').$type<RequestId>(),
    operationId: text('operation_id').$type<OperationId>(),
    attempts: integer('attempts').notNull().default(0),
    nextAt: moment('next_at').notNull().defaultNow(),
    lastError: prose('last_error'),
    /** Since when the surface will not take it, without saying that this passes. */
    refusedSince: moment('refused_since'),
    /** It was refused for so long that nobody tries any more. */
    givenUpAt: moment('given_up_at'),
    /** How often the surface took a revision, when it last did, and how often it would not: kept when `attempts` begins anew. */
    sends: integer('sends').notNull().default(0),
    sentAt: moment('sent_at'),
    failures: integer('failures').notNull().default(0),
    leaseOwner: text('lease_owner'),
    leaseUntil: moment('lease_until'),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('deliveries_due_index')
      .on(table.surface, table.nextAt)
      .where(sql`revision > sent_revision and given_up_at is null`),
    index('deliveries_refused_index').on(table.surface).where(sql`refused_since is not null`),
    // When it was last written or sent.
    index('deliveries_touched_index').on(sql`greatest(updated_at, sent_at)`).concurrently(),
    index().on(table.threadId, table.createdAt),
    index().on(table.operationId),
  ],
)
