import type { OperationId, PersonId } from '../ids.ts'
import type { Account, Delegation, Person } from '../person.ts'
import type { Plan } from '../plan.ts'
import type { OperationState } from '../states.ts'

/** An operation as lists and details show it. */
export interface OperationSummary {
  readonly id: OperationId
  readonly state: OperationState
  readonly skill: string
  readonly summary: string
  readonly service?: string
  readonly environment?: string
  readonly requestedBy: { readonly id: PersonId; readonly name: string }
  readonly requestedAt: Date
  readonly finishedAt?: Date
  /** One line on how it stands or ended. */
  readonly says?: string
}

export interface OperationDetail extends OperationSummary {
  readonly said: string
  readonly plan: Plan
  readonly steps: readonly {
    readonly name: string
    readonly phase: 'run' | 'compensate'
    readonly state: 'intent' | 'done' | 'failed' | 'unknown'
    readonly at: Date
    readonly says?: string
  }[]
  readonly approvals: readonly {
    readonly by: string
    readonly decision: string
    readonly at: Date
    readonly reason?: string
  }[]
  readonly audit: readonly { readonly at: Date; readonly actor: string; readonly says: string }[]
}

export interface Lock {
  readonly service: string
  readonly environment: string
  readonly by: { readonly id: PersonId; readonly name: string }
  readonly reason?: string
  readonly since: Date
  readonly until?: Date
}

export const MODES = ['read-only', 'suggest', 'review', 'autonomous'] as const
export type Mode = (typeof MODES)[number]

/** Quarterdeck's own state, to read. */
export interface DeskReader {
  operations(filter: {
    readonly state?: OperationState | 'open' | 'finished'
    readonly service?: string
    readonly environment?: string
    readonly limit: number
  }): Promise<readonly OperationSummary[]>
  operation(id: OperationId): Promise<OperationDetail | undefined>
  /** What waits for this person's decision. */
  approvalsFor(person: PersonId): Promise<readonly OperationSummary[]>
  /** What this person asked for that waits for others. */
  waitingFor(person: PersonId): Promise<readonly OperationSummary[]>
  locks(filter: { readonly service?: string; readonly environment?: string }): Promise<readonly Lock[]>
  halted(): Promise<{ readonly by: string; readonly since: Date; readonly reason?: string } | undefined>
  modes(): Promise<{
    readonly everywhere: Mode
    readonly scoped: readonly { readonly scope: string; readonly mode: Mode }[]
  }>
  people(): Promise<readonly Person[]>
  delegations(): Promise<readonly Delegation[]>
}

/** Who writes, so that a repeated write is recognised: every method is idempotent per operation. */
export interface WriteMark {
  readonly operation: OperationId
  readonly by: PersonId
}

/** Quarterdeck's own state, to write; only inside a step. */
export interface DeskWriter {
  lock(
    mark: WriteMark,
    lock: { readonly service: string; readonly environment: string; readonly reason?: string; readonly until?: Date },
  ): Promise<void>
  /** Opens the lock that this person holds since then. Throws UserError when somebody else took one meanwhile. */
  unlock(
    mark: WriteMark,
    lock: {
      readonly service: string
      readonly environment: string
      readonly heldBy: PersonId
      readonly since: Date
    },
  ): Promise<void>
  halt(mark: WriteMark, reason: string | undefined): Promise<{ readonly stopped: number }>
  resume(mark: WriteMark): Promise<void>
  setMode(mark: WriteMark, mode: Mode, scope: string): Promise<void>
  delegate(mark: WriteMark, to: PersonId, until: Date): Promise<void>
  /** Starts a cancel of another operation; returns how it stands at once. */
  cancel(mark: WriteMark, operation: OperationId): Promise<{ readonly state: OperationState }>
  settle(mark: WriteMark, operation: OperationId, outcome: SettleOutcome, reason?: string): Promise<void>
}

/** Makes one-time codes. Handed to a skill's `reveal` only: what goes through a step stands in the ledger. */
export interface CodeDesk {
  /** A code that links `account` to the requester when it is said there; earlier ones for it die. Throws UserError when it is linked. */
  linkCode(account: Account): Promise<string>
}

export const SETTLE_OUTCOMES = ['succeeded', 'failed', 'rolled_back', 'cancelled'] as const
export type SettleOutcome = (typeof SETTLE_OUTCOMES)[number]

/** Looks things up about the assistant itself: the skills a person may use, for help. */
export interface SkillGuide {
  /** Skills this person may use now, with examples from the catalog. */
  for(person: Person): readonly {
    readonly name: string
    readonly summary: string
    readonly risk: string
    readonly usage: string
    readonly examples: readonly string[]
    readonly where: readonly string[]
  }[]
}
