import type { PersonId, PlanHash } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { Plan } from '../core/plan.ts'
import { withoutSecrets } from '../core/secrets.ts'
import type { CompensateReason } from '../core/skill.ts'
import type { operations } from './schema/operations.ts'

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
  /** Approved and held back: until when its approvals count, ISO. */
  readonly yesUntil?: string
  /** Why approval is asked for again though the plan is the same, for the card. */
  readonly lapsed?: string
  /** What differs from the revision before it, for the card. */
  readonly changed?: readonly string[]
}

/** What a run needs to remember besides its ledger. */
export interface ProgressRecord {
  readonly says?: string
  /** 0–1. */
  readonly fraction?: number
  /** Attempts since the ledger last grew, and what stood in the way. What a run used up of them, what puts it back does not lack. */
  readonly retry?: {
    readonly count: number
    readonly ledger: number
    /** Absent before it begins. */
    readonly way?: 'run' | 'resolve' | 'compensate'
    readonly says: string
    readonly at: string
  }
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

export type Row = typeof operations.$inferSelect

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

/** A patch as drizzle wants it. */
export function toRow(patch: Partial<StoredOperation>): Partial<Row> {
  const { gate, progress, breakGlass, says, outcome, ...rest } = patch
  const row: Partial<Row> = { ...rest }
  // How it went and what holds it back is told in other systems' words. The plan is not touched: its hash stands for it.
  if (says !== undefined) row.says = withoutSecrets(says)
  if (outcome !== undefined) row.outcome = withoutSecrets(outcome)
  if (gate !== undefined) row.gate = withoutSecrets(asJson(gate) ?? null)
  if (progress !== undefined) row.progress = withoutSecrets(asJson(progress) ?? null)
  if (breakGlass !== undefined) row.breakGlass = asJson(breakGlass) ?? null
  return row
}

export function fromRow(row: Row): StoredOperation {
  // Written by `toRow` only, so the JSON has the records' shapes; plan, hash and policy version come with the row's first insert.
  return { ...row, progress: row.progress ?? {} } as unknown as StoredOperation
}
