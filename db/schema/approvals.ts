import { text, unique } from 'drizzle-orm/pg-core'
import type { OperationId, PersonId, PlanHash } from '../../core/ids.ts'
import { ROLES, SURFACES } from '../../core/person.ts'
import { moment, prose, serial } from './columns.ts'
import { operations } from './operations.ts'
import { quarterdeck } from './quarterdeck.ts'

/** One person's decision on one plan hash. Voided ones are kept. */
export const approvals = quarterdeck.table(
  'approvals',
  {
    id: serial('id'),
    operationId: text('operation_id')
      .$type<OperationId>()
      .notNull()
      .references(() => operations.id),
    planHash: text('plan_hash').$type<PlanHash>().notNull(),
    personId: text('person_id').$type<PersonId>().notNull(),
    surface: text('surface', { enum: SURFACES }).notNull(),
    accountId: text('account_id').notNull(),
    decision: text('decision', { enum: ['approve', 'reject', 'go', 'break-glass'] }).notNull(),
    role: text('role', { enum: ROLES }),
    onBehalfOf: text('on_behalf_of').$type<PersonId>(),
    reason: prose('reason'),
    at: moment('at').notNull().defaultNow(),
    voidedAt: moment('voided_at'),
    voidedBecause: prose('voided_because'),
  },
  (table) => [unique().on(table.operationId, table.planHash, table.personId)],
)
