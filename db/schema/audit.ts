import { index, text } from 'drizzle-orm/pg-core'
import type { OperationId, RequestId } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import { json, moment, prose, serial } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** What happened, in the words of the house. Insert only: a trigger refuses the rest. */
export const audit = quarterdeck.table(
  'audit',
  {
    id: serial('id'),
    at: moment('at').notNull().defaultNow(),
    /** A person id, or `system`. */
    actor: text('actor').notNull(),
    kind: text('kind').notNull(),
    operationId: text('operation_id').$type<OperationId>(),
    requestId: text('request_id').$type<RequestId>(),
    says: prose('says').notNull(),
    data: json<JsonObject>('data').notNull().default({}),
  },
  (table) => [index().on(table.operationId), index().on(table.at)],
)
