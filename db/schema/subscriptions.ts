import { index, text } from 'drizzle-orm/pg-core'
import type { PersonId } from '../../core/ids.ts'
import { SURFACES } from '../../core/person.ts'
import { moment } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** Which conversation hears of changes to which service and environment. */
export const subscriptions = quarterdeck.table(
  'subscriptions',
  {
    id: text('id').primaryKey(),
    surface: text('surface', { enum: SURFACES }).notNull(),
    /** The channel's key on its surface, without a thread: what is told there begins a thread of its own. */
    channelKey: text('channel_key').notNull(),
    /** Absent: all of them. */
    service: text('service'),
    environment: text('environment'),
    /** Those of the configuration follow the file. */
    source: text('source', { enum: ['config', 'said'] }).notNull(),
    createdBy: text('created_by').$type<PersonId>(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [index().on(table.surface, table.channelKey)],
)
