import { doublePrecision, index, integer, text } from 'drizzle-orm/pg-core'
import type { OperationId, RequestId } from '../../core/ids.ts'
import { moment, prose, serial } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** What was asked of a language model and what it cost, one row a question; nothing of what was said. */
export const modelCalls = quarterdeck.table(
  'model_calls',
  {
    id: serial('id'),
    at: moment('at').notNull(),
    model: text('model').notNull(),
    /** `understand` and the like. */
    purpose: text('purpose').notNull(),
    /** An operation that came of it is found by this, in `operations`. */
    requestId: text('request_id').$type<RequestId>(),
    operationId: text('operation_id').$type<OperationId>(),
    inputTokens: integer('input_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    /** Absent while the configuration names no price. */
    costUsd: doublePrecision('cost_usd'),
    tookMs: integer('took_ms').notNull(),
    /** `answered`, or why not. */
    outcome: prose('outcome').notNull(),
  },
  (table) => [index().on(table.at), index().on(table.requestId)],
)
