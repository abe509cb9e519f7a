import { index, primaryKey, text } from 'drizzle-orm/pg-core'
import type { PersonId } from '../../core/ids.ts'
import { SURFACES } from '../../core/person.ts'
import { moment } from './columns.ts'
import { people } from './people.ts'
import { quarterdeck } from './quarterdeck.ts'

/** An account on a surface belongs to exactly one person. */
export const accounts = quarterdeck.table(
  'accounts',
  {
    surface: text('surface', { enum: SURFACES }).notNull(),
    accountId: text('account_id').notNull(),
    personId: text('person_id')
      .$type<PersonId>()
      .notNull()
      .references(() => people.id),
    /** Accounts of the configuration follow the file; linked ones stay. */
    source: text('source', { enum: ['config', 'claim', 'link', 'email'] }).notNull(),
    linkedAt: moment('linked_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.surface, table.accountId] }), index().on(table.personId)],
)
