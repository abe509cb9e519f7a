import { and, asc, eq, sql } from 'drizzle-orm'
import type { OperationId } from '../core/ids.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { withoutSecrets } from '../core/secrets.ts'
import type { Queryable, Transaction } from './database.ts'
import { jsonText } from './publish.ts'
import { steps } from './schema/steps.ts'

export type StoredStep = typeof steps.$inferSelect
export type Phase = StoredStep['phase']
export type StepKind = StoredStep['kind']

export interface StepKey {
  readonly operationId: OperationId
  readonly phase: Phase
  readonly name: string
}

/** The ledger of an operation, in the order in which it was run. */
export async function stepsOf(db: Queryable, operationId: OperationId): Promise<readonly StoredStep[]> {
  return (
    db
      .select()
      .from(steps)
      .where(eq(steps.operationId, operationId))
      // run before compensate
      .orderBy(sql`${steps.phase} desc`, asc(steps.ordinal))
  )
}

/**
 * Writes a ledger row while the claim `fence` still holds, and, for a step forward, while nobody has asked to cancel: in one
 * statement that also locks the operation's row, so that after a cancel no step begins. Returns false when either no longer holds.
 */
export async function writeStep(
  db: Queryable,
  key: StepKey,
  row: {
    readonly ordinal: number
    readonly kind: StepKind
    readonly state: StoredStep['state']
    readonly fence: number
    readonly at: Date
    readonly detail?: JsonObject
    readonly result?: Json
    readonly forward: boolean
  },
): Promise<boolean> {
  const finished = row.state === 'intent' ? null : row.at.toISOString()
  const { rows } = await db.execute(sql`
    with mine as (
      select id from quarterdeck.operations
      where id = ${key.operationId} and fence = ${row.fence} ${row.forward ? sql`and cancel_at is null` : sql``}
      for update
    )
    insert into quarterdeck.steps
      (operation_id, phase, name, ordinal, kind, state, detail, result, fence, started_at, finished_at)
    select id, ${key.phase}::text, ${key.name}::text, ${row.ordinal}::int, ${row.kind}::text, ${row.state}::text,
      ${jsonOrNull(row.detail)}::jsonb, ${jsonOrNull(row.result)}::jsonb, ${row.fence}::bigint,
      ${row.at.toISOString()}::timestamptz, ${finished}::timestamptz
    from mine
    returning name`)
  return rows.length > 0
}

/** Finishes an open ledger row while the claim `fence` still holds; false when it does not, or when somebody answered it before. */
export async function finishStep(
  db: Queryable,
  key: StepKey,
  end: {
    readonly state: 'done' | 'failed' | 'unknown'
    readonly fence: number
    readonly at: Date
    readonly result?: Json
    readonly error?: string
    readonly detail?: JsonObject
  },
): Promise<boolean> {
  const { rows } = await db.execute(sql`
    with mine as (
      select id from quarterdeck.operations where id = ${key.operationId} and fence = ${end.fence} for update
    )
    update quarterdeck.steps set
      state = ${end.state}, result = ${jsonOrNull(end.result)}::jsonb, error = ${withoutSecrets(end.error ?? null)},
      detail = coalesce(${jsonOrNull(end.detail)}::jsonb, detail), fence = ${end.fence},
      finished_at = ${end.at.toISOString()}::timestamptz
    from mine
    where operation_id = mine.id and phase = ${key.phase} and name = ${key.name} and state = 'intent'
    returning name`)
  return rows.length > 0
}

/** A person's choice in the middle of a run; first one wins. False when it was already made or never asked. */
export async function answerDecision(
  tx: Transaction,
  key: StepKey,
  answer: { readonly result: JsonObject; readonly at: Date },
): Promise<boolean> {
  const rows = await tx
    .update(steps)
    .set({ state: 'done', result: answer.result, finishedAt: answer.at })
    .where(
      and(
        eq(steps.operationId, key.operationId),
        eq(steps.phase, key.phase),
        eq(steps.name, key.name),
        eq(steps.kind, 'decide'),
        eq(steps.state, 'intent'),
      ),
    )
    .returning({ name: steps.name })
  return rows.length > 0
}

/** A result of nothing is SQL null. */
const jsonOrNull = (value: Json | undefined) =>
  value === undefined || value === null ? null : jsonText(withoutSecrets(value))
