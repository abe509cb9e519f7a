import { primaryKey, text } from 'drizzle-orm/pg-core'
import type { PersonId } from '../../core/ids.ts'
import { SURFACES } from '../../core/person.ts'
import { moment } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** Accounts that somebody unlinked: an e-mail address alone does not tie them again. */
export const severedAccounts = quarterdeck.table(
  'severed_accounts',
  {
    surface: text('surface', { enum: SURFACES }).notNull(),
    accountId: text('account_id').notNull(),
    personId: text('person_id').$type<PersonId>().notNull(),
    by: text('by').$type<PersonId>().notNull(),
    at: moment('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.surface, table.accountId] })],
)
