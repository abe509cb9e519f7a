import { sql } from 'drizzle-orm'
import { index, text, unique } from 'drizzle-orm/pg-core'
import type { OperationId, PersonId, RequestId, ThreadId } from '../../core/ids.ts'
import type { Interpretation } from '../../core/interpretation.ts'
import { SURFACES } from '../../core/person.ts'
import { json, moment, prose } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'
import { threads } from './threads.ts'

/** What somebody said. Accepted once its card exists. */
export const requests = quarterdeck.table(
  'requests',
  {
    id: text('id').$type<RequestId>().primaryKey(),
    surface: text('surface', { enum: SURFACES }).notNull(),
    threadId: text('thread_id')
      .$type<ThreadId>()
      .notNull()
      .references(() => threads.id),
    /** Absent while nobody is linked to the account that spoke. */
    personId: text('person_id').$type<PersonId>(),
    text: prose('text').notNull(),
    /** The surface's idempotency key of the event. */
    key: text('key').notNull(),
    interpretation: json<Interpretation>('interpretation'),
    /** What became of it. */
    outcome: text('outcome', { enum: ['answered', 'proposed', 'asked', 'refused', 'ignored', 'failed'] }),
    operationId: text('operation_id').$type<OperationId>(),
    receivedAt: moment('received_at').notNull().defaultNow(),
    answeredAt: moment('answered_at'),
  },
  (table) => [
    unique().on(table.surface, table.key),
    index().on(table.threadId, table.receivedAt),
    // What became no operation: what was never answered, and what is forgotten one day.
    index('requests_unbound_index').on(table.receivedAt).concurrently().where(sql`operation_id is null`),
  ],
)
