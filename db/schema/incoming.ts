import { index, primaryKey, text } from 'drizzle-orm/pg-core'
import { SURFACES } from '../../core/person.ts'
import { moment } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** Keys of events and clicks that were acted on, so that a redelivery acts once. */
export const incoming = quarterdeck.table(
  'incoming',
  {
    surface: text('surface', { enum: SURFACES }).notNull(),
    key: text('key').notNull(),
    at: moment('at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.surface, table.key] }), index().on(table.at)],
)
