import { integer, primaryKey, text } from 'drizzle-orm/pg-core'
import type { OperationId } from '../../core/ids.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { counter, json, moment, prose } from './columns.ts'
import { operations } from './operations.ts'
import { quarterdeck } from './quarterdeck.ts'

/** The ledger: intent before the outside call, result after. */
export const steps = quarterdeck.table(
  'steps',
  {
    operationId: text('operation_id')
      .$type<OperationId>()
      .notNull()
      .references(() => operations.id),
    phase: text('phase', { enum: ['run', 'compensate'] }).notNull(),
    name: text('name').notNull(),
    /** The place in the run; a replay that meets another name here is not the same program. */
    ordinal: integer('ordinal').notNull(),
    kind: text('kind', { enum: ['step', 'observe', 'wait', 'decide'] }).notNull(),
    state: text('state', { enum: ['intent', 'done', 'failed', 'unknown'] }).notNull(),
    detail: json<JsonObject>('detail'),
    result: json<Json>('result'),
    error: prose('error'),
    fence: counter('fence').notNull(),
    startedAt: moment('started_at').notNull().defaultNow(),
    finishedAt: moment('finished_at'),
  },
  (table) => [primaryKey({ columns: [table.operationId, table.phase, table.name] })],
)
