import { boolean, text } from 'drizzle-orm/pg-core'
import type { PersonId } from '../../core/ids.ts'
import { moment, prose } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

export const people = quarterdeck.table('people', {
  id: text('id').$type<PersonId>().primaryKey(),
  name: prose('name').notNull(),
  email: text('email'),
  timezone: text('timezone').notNull(),
  active: boolean('active').notNull().default(true),
  /** Who says that this person exists: the configuration file, or a claim or link made in chat. */
  source: text('source', { enum: ['config', 'claim', 'link'] }).notNull(),
  createdAt: moment('created_at').notNull().defaultNow(),
})
