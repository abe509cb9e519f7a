import { index, primaryKey, text } from 'drizzle-orm/pg-core'
import type { OperationId, ThreadId } from '../../core/ids.ts'
import { quarterdeck } from './quarterdeck.ts'
import { threads } from './threads.ts'

/** Further threads that show an operation's card, beside the one it was asked in. */
export const audiences = quarterdeck.table(
  'audiences',
  {
    operationId: text('operation_id').$type<OperationId>().notNull(),
    threadId: text('thread_id')
      .$type<ThreadId>()
      .notNull()
      .references(() => threads.id),
  },
  (table) => [primaryKey({ columns: [table.operationId, table.threadId] }), index().on(table.threadId)],
)
