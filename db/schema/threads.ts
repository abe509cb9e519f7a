import { index, text, unique } from 'drizzle-orm/pg-core'
import type { PersonId, ThreadId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import { SURFACES } from '../../core/person.ts'
import { json, moment, prose } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

export const threads = quarterdeck.table(
  'threads',
  {
    id: text('id').$type<ThreadId>().primaryKey(),
    surface: text('surface', { enum: SURFACES }).notNull(),
    /** The surface's own key, e.g. a Slack `channel:thread_ts`. */
    surfaceKey: text('surface_key').notNull(),
    title: prose('title'),
    openedBy: text('opened_by').$type<PersonId>(),
    /** What the conversation remembers: the open question, the last service spoken of. */
    context: json<JsonObject>('context').notNull().default({}),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [unique().on(table.surface, table.surfaceKey), index().on(table.surface, table.updatedAt)],
)
