import { index, text } from 'drizzle-orm/pg-core'
import type { OperationId, PersonId } from '../../core/ids.ts'
import { moment, serial } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

export const delegations = quarterdeck.table(
  'delegations',
  {
    id: serial('id'),
    fromPerson: text('from_person').$type<PersonId>().notNull(),
    toPerson: text('to_person').$type<PersonId>().notNull(),
    until: moment('until').notNull(),
    /** Unique, so that a repeated step of the same operation adds nothing. */
    operationId: text('operation_id').$type<OperationId>().notNull().unique(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [index().on(table.until)],
)
