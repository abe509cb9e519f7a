import { primaryKey, text } from 'drizzle-orm/pg-core'
import type { OperationId, PersonId } from '../../core/ids.ts'
import { moment, prose } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** A service in an environment that somebody keeps changes away from. */
export const locks = quarterdeck.table(
  'locks',
  {
    service: text('service').notNull(),
    environment: text('environment').notNull(),
    personId: text('person_id').$type<PersonId>().notNull(),
    reason: prose('reason'),
    since: moment('since').notNull().defaultNow(),
    until: moment('until'),
    operationId: text('operation_id').$type<OperationId>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.service, table.environment] })],
)
