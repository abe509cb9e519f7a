import { integer, text } from 'drizzle-orm/pg-core'
import type { PersonId } from '../../core/ids.ts'
import { SURFACES } from '../../core/person.ts'
import { moment } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** One-time codes, by their hash: the code itself is never stored. */
export const codes = quarterdeck.table('codes', {
  hash: text('hash').primaryKey(),
  purpose: text('purpose', { enum: ['first-admin', 'link'] }).notNull(),
  /** For `link`: who asked, and the account that may enter it. */
  personId: text('person_id').$type<PersonId>(),
  surface: text('surface', { enum: SURFACES }),
  accountId: text('account_id'),
  createdAt: moment('created_at').notNull().defaultNow(),
  expiresAt: moment('expires_at').notNull(),
  usedAt: moment('used_at'),
  /** Wrong guesses counted against this code while it was open. */
  attempts: integer('attempts').notNull().default(0),
})
