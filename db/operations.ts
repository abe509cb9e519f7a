import { and, desc, eq, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { OperationId, PersonId, PlanHash, RequestId, ThreadId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { SurfaceName } from '../core/person.ts'
import type { Plan } from '../core/plan.ts'
import type { CompensateReason } from '../core/skill.ts'
import type { OperationState } from '../core/states.ts'
import type { Queryable, Transaction } from './database.ts'
import { operations } from './schema/operations.ts'
import { requests } from './schema/requests.ts'

/** How the gate stands with the current revision of the plan. */
export interface GateRecord {
  /** Whether the requester's own click is needed before anything else (DESIGN §2.2). */
  readonly go: 'unneeded' | 'needed' | 'given'
  /** When this revision was made, ISO. */
  readonly plannedAt: string
  readonly requirements: readonly {
    readonly rule: string
    readonly count: number
    readonly role: string
    readonly have: number
    readonly eligible: readonly PersonId[]
  }[]
  /** What holds the plan back though people agree: a freeze, a lock, the kill switch. */
  readonly held?: { readonly rule: string; readonly says: string; readonly passes: string }
  /** What differs from the revision before it, for the card. */
  readonly changed?: readonly string[]
}

/** What a run needs to remember besides its ledger. */
export interface ProgressRecord {
  readonly says?: string
  /** 0–1. */
  readonly fraction?: number
  /** Attempts since the ledger last grew, and what stood in the way. */
  readonly retry?: { readonly count: number; readonly ledger: number; readonly says: string; readonly at: string }
  /** Set once the run is over and things are being put back. */
  readonly compensating?: CompensateReason
  /** What a person should look at. */
  readonly check?: string
  readonly settled?: {
    readonly by: PersonId
    readonly at: string
    readonly reason?: string
    readonly operation?: string
  }
}

export interface BreakGlassRecord {
  readonly by: PersonId
  readonly reason: string
  readonly at: string
  readonly until: string
  readonly reviewed?: { readonly by: PersonId; readonly at: string; readonly note?: string }
}

type Row = typeof operations.$inferSelect

/** An operation as it is stored. */
export interface StoredOperation
  extends Omit<Row, 'plan' | 'planHash' | 'policyVersion' | 'gate' | 'progress' | 'breakGlass'> {
  readonly plan: Plan
  readonly planHash: PlanHash
  readonly policyVersion: string
  readonly gate: GateRecord
  readonly progress: ProgressRecord
  readonly breakGlass: BreakGlassRecord | null
}

export type OperationPatch = Partial<Omit<StoredOperation, 'id' | 'fence' | 'leaseUntil'>>

export type NewOperation = Pick<
  StoredOperation,
  | 'id'
  | 'requestId'
  | 'threadId'
  | 'personId'
  | 'said'
  | 'readBy'
  | 'confidence'
  | 'dryRun'
  | 'skill'
  | 'skillVersion'
  | 'state'
  | 'plan'
  | 'planHash'
  | 'planRevision'
  | 'policyVersion'
  | 'gate'
> &
  Partial<StoredOperation>

// The records are JSON by construction; interfaces only lack the index signature that JsonObject asks for.
const asJson = (record: object | null | undefined) => record as JsonObject | null | undefined

function toRow(patch: Partial<StoredOperation>): Partial<Row> {
  const { gate, progress, breakGlass, ...rest } = patch
  const row: Partial<Row> = { ...rest }
  if (gate !== undefined) row.gate = asJson(gate) ?? null
  if (progress !== undefined) row.progress = asJson(progress) ?? null
  if (breakGlass !== undefined) row.breakGlass = asJson(breakGlass) ?? null
  return row
}

function fromRow(row: Row): StoredOperation {
  // Written by `toRow` only, so the JSON has the records' shapes; plan, hash and policy version come with the row's first insert.
  return { ...row, progress: row.progress ?? {} } as unknown as StoredOperation
}

/** The row as stored, without reading it back. */
export async function insertOperation(tx: Transaction, operation: NewOperation): Promise<StoredOperation> {
  const [row] = await tx
    .insert(operations)
    .values({ ...operation, ...toRow(operation) } as typeof operations.$inferInsert) // NewOperation names every required column
    .returning()
  if (!row) throw new Error('the insert of an operation returned no row')
  return fromRow(row)
}

export async function operationById(db: Queryable, id: OperationId): Promise<StoredOperation | undefined> {
  const [row] = await db.select().from(operations).where(eq(operations.id, id))
  return row && fromRow(row)
}

/** Locks the row until the transaction ends: clicks, claims and step intents of one operation happen one after the other. */
export async function operationForUpdate(tx: Transaction, id: OperationId): Promise<StoredOperation | undefined> {
  const [row] = await tx.select().from(operations).where(eq(operations.id, id)).for('update')
  return row && fromRow(row)
}

/**
 * Writes a patch. With `fence`, only while that claim still holds the operation. Returns the row as it then stands; undefined when
 * the operation is gone or the claim is no longer ours.
 */
export async function updateOperation(
  tx: Queryable,
  id: OperationId,
  patch: OperationPatch,
  options: { readonly fence?: number; readonly releaseLease?: boolean; readonly at: Date },
): Promise<StoredOperation | undefined> {
  const lease = options.releaseLease ? { leaseOwner: null, leaseUntil: null } : {}
  const [row] = await tx
    .update(operations)
    .set({ ...toRow(patch), ...lease, updatedAt: options.at })
    .where(and(eq(operations.id, id), options.fence === undefined ? undefined : eq(operations.fence, options.fence)))
    .returning()
  return row && fromRow(row)
}

/** Takes the operation for a worker when nobody holds it: raises the fence and starts a lease on database time. */
export async function claimOperation(
  tx: Transaction,
  id: OperationId,
  claim: { readonly owner: string; readonly leaseMs: number; readonly patch: OperationPatch; readonly at: Date },
): Promise<StoredOperation | undefined> {
  const [row] = await tx
    .update(operations)
    .set({
      ...toRow(claim.patch),
      fence: sql`${operations.fence} + 1`,
      leaseOwner: claim.owner,
      leaseUntil: leaseEnd(claim.leaseMs),
      updatedAt: claim.at,
    })
    .where(
      and(eq(operations.id, id), or(isNull(operations.leaseUntil), lt(operations.leaseUntil, sql`clock_timestamp()`))),
    )
    .returning()
  return row && fromRow(row)
}

/** Prolongs a lease; undefined when the claim is no longer ours. `cancelling` tells the run to stop going forward. */
export async function renewLease(
  db: Queryable,
  id: OperationId,
  fence: number,
  leaseMs: number,
): Promise<{ readonly cancelling: boolean } | undefined> {
  const [row] = await db
    .update(operations)
    .set({ leaseUntil: leaseEnd(leaseMs) })
    .where(and(eq(operations.id, id), eq(operations.fence, fence)))
    .returning({ cancelAt: operations.cancelAt })
  return row && { cancelling: row.cancelAt !== null }
}

const leaseEnd = (leaseMs: number) => sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`

/**
 * Ends the leases of a worker that is certainly gone (the embedded program's former process). Raises the fence with it, so that it
 * stays certain. Returns the operations that now wait for somebody.
 */
export async function endLeasesOf(tx: Transaction, owner: string): Promise<readonly OperationId[]> {
  const rows = await tx
    .update(operations)
    .set({ leaseOwner: null, leaseUntil: null, fence: sql`${operations.fence} + 1` })
    .where(and(eq(operations.leaseOwner, owner), isNull(operations.finishedAt)))
    .returning({ id: operations.id })
  return rows.map((row) => row.id)
}

export interface OperationFilter {
  readonly states?: readonly OperationState[]
  readonly service?: string
  readonly environment?: string
  readonly personId?: PersonId
  readonly threadId?: ThreadId
  readonly requestId?: RequestId
  readonly limit: number
}

/** Newest first. */
export async function listOperations(db: Queryable, filter: OperationFilter): Promise<readonly StoredOperation[]> {
  const conditions: (SQL | undefined)[] = [
    filter.states && inArray(operations.state, [...filter.states]),
    filter.service === undefined ? undefined : eq(operations.service, filter.service),
    filter.environment === undefined ? undefined : eq(operations.environment, filter.environment),
    filter.personId && eq(operations.personId, filter.personId),
    filter.threadId && eq(operations.threadId, filter.threadId),
    filter.requestId && eq(operations.requestId, filter.requestId),
  ]
  const rows = await db
    .select()
    .from(operations)
    .where(and(...conditions))
    .orderBy(desc(operations.createdAt))
    .limit(filter.limit)
  return rows.map(fromRow)
}

/** The ids of the operations that are approved and have not begun: what a halt holds back and a resume lets go. */
export async function approvedOperations(db: Queryable): Promise<readonly OperationId[]> {
  const rows = await db.select({ id: operations.id }).from(operations).where(eq(operations.state, 'approved'))
  return rows.map((row) => row.id)
}

/**
 * Ties a request to the operation it became, once. Returns the request's surface, and as `already` the operation it was tied to
 * before, when the same request comes a second time; undefined when there is no such request.
 */
export async function bindRequest(
  tx: Transaction,
  requestId: RequestId,
  operationId: OperationId,
  at: Date,
): Promise<{ readonly surface: SurfaceName; readonly already?: OperationId } | undefined> {
  const [bound] = await tx
    .update(requests)
    .set({ operationId, outcome: 'proposed', answeredAt: at })
    .where(and(eq(requests.id, requestId), isNull(requests.operationId)))
    .returning({ surface: requests.surface })
  if (bound) return bound
  const [row] = await tx.select().from(requests).where(eq(requests.id, requestId))
  return row?.operationId ? { surface: row.surface, already: row.operationId } : undefined
}
