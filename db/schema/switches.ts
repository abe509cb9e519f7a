import { text } from 'drizzle-orm/pg-core'
import type { OperationId, PersonId } from '../../core/ids.ts'
import { moment, prose } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** The kill switch (`halt`) and the modes (`mode:*`, `mode:<environment>`). */
export const switches = quarterdeck.table('switches', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
  personId: text('person_id').$type<PersonId>(),
  reason: prose('reason'),
  since: moment('since').notNull().defaultNow(),
  operationId: text('operation_id').$type<OperationId>(),
})
