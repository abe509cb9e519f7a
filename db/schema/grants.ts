import { index, text } from 'drizzle-orm/pg-core'
import type { PersonId } from '../../core/ids.ts'
import { ROLES } from '../../core/person.ts'
import { moment, serial } from './columns.ts'
import { people } from './people.ts'
import { quarterdeck } from './quarterdeck.ts'

/** A role of a person, where it counts: `{*}` is everywhere, an empty list is nowhere. */
export const grants = quarterdeck.table(
  'grants',
  {
    id: serial('id'),
    personId: text('person_id')
      .$type<PersonId>()
      .notNull()
      .references(() => people.id),
    role: text('role', { enum: ROLES }).notNull(),
    environments: text('environments').array().notNull(),
    teams: text('teams').array().notNull(),
    source: text('source', { enum: ['config', 'claim', 'admin'] }).notNull(),
    grantedBy: text('granted_by').$type<PersonId>(),
    at: moment('at').notNull().defaultNow(),
  },
  (table) => [index().on(table.personId)],
)
