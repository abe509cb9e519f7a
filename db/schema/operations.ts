import { sql } from 'drizzle-orm'
import { boolean, index, integer, real, text } from 'drizzle-orm/pg-core'
import type { OperationId, PersonId, PlanHash, RequestId, ThreadId } from '../../core/ids.ts'
import type { Reader } from '../../core/interpretation.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Plan } from '../../core/plan.ts'
import type { Outcome } from '../../core/skill.ts'
import { OPERATION_STATES } from '../../core/states.ts'
import { counter, json, moment, prose } from './columns.ts'
import { quarterdeck } from './quarterdeck.ts'

/** One durable run of a plan: the unit of truth. */
export const operations = quarterdeck.table(
  'operations',
  {
    id: text('id').$type<OperationId>().primaryKey(),
    requestId: text('request_id').$type<RequestId>().notNull(),
    threadId: text('thread_id').$type<ThreadId>().notNull(),
    personId: text('person_id').$type<PersonId>().notNull(),
    said: prose('said').notNull(),
    readBy: text('read_by').$type<Reader>().notNull(),
    confidence: real('confidence').notNull(),
    dryRun: boolean('dry_run').notNull().default(false),
    skill: text('skill').notNull(),
    /** Kept, so that a new release finishes old operations rightly. */
    skillVersion: integer('skill_version').notNull(),
    state: text('state', { enum: OPERATION_STATES }).notNull(),
    plan: json<Plan>('plan'),
    planHash: text('plan_hash').$type<PlanHash>(),
    planRevision: integer('plan_revision').notNull().default(0),
    policyVersion: text('policy_version'),
    gate: json<JsonObject>('gate'),
    service: text('service'),
    environment: text('environment'),
    /** One line on how it stands or ended. */
    says: prose('says'),
    progress: json<JsonObject>('progress'),
    outcome: json<Outcome>('outcome'),
    /** Raised at every claim; a write of a run carries the fence it was claimed with. */
    fence: counter('fence').notNull().default(0),
    leaseOwner: text('lease_owner'),
    leaseUntil: moment('lease_until'),
    wakeAt: moment('wake_at'),
    cancelBy: text('cancel_by').$type<PersonId>(),
    cancelAt: moment('cancel_at'),
    undoes: text('undoes').$type<OperationId>(),
    undoneBy: text('undone_by').$type<OperationId>(),
    breakGlass: json<JsonObject>('break_glass'),
    expiresAt: moment('expires_at'),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
    approvedAt: moment('approved_at'),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    index('operations_open_index').on(table.state, table.wakeAt).where(sql`finished_at is null`),
    index().on(table.createdAt),
    index().on(table.service, table.environment, table.createdAt),
    index().on(table.service, table.createdAt).concurrently(),
    index().on(table.environment, table.createdAt).concurrently(),
    // What touches several is found by its plan.
    index('operations_targets_index')
      .using('gin', sql`(plan -> 'targets') jsonb_path_ops`)
      .concurrently()
      .where(sql`service is null or environment is null`),
    index('operations_ended_otherwise_index')
      .on(table.state, table.createdAt)
      .concurrently()
      .where(sql`finished_at is not null and state <> 'succeeded'`),
    index().on(table.threadId),
  ],
)
