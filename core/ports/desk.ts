import type { OperationId, PersonId, RequestId } from '../ids.ts'
import type { Account, Delegation, Person, SurfaceName } from '../person.ts'
import type { Plan } from '../plan.ts'
import type { OperationState } from '../states.ts'
import type { RequestTrail } from './trail.ts'

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
  /** A plan only, whatever its state says. */
  readonly dryRun?: true
  /** The glass was broken for it, and nobody has reviewed that. */
  readonly toReview?: true
}

export interface OperationDetail extends OperationSummary {
  readonly requestId: RequestId
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

/** Changes of which a channel hears; without a service or an environment: of all of them. */
export interface ChannelSubscription {
  readonly id: string
  readonly service?: string
  readonly environment?: string
  readonly source: 'config' | 'said'
}

/** A day of a zone, as `2026-11-21`, and how the changes ended that were asked for on it. */
export interface DayOfChanges {
  readonly day: string
  readonly done: number
  /** Failed, were put back, or need a person. */
  readonly failed: number
}

/** Quarterdeck's own state, to read. */
export interface DeskReader {
  operations(filter: {
    readonly state?: OperationState | 'open' | 'finished'
    readonly service?: string
    readonly environment?: string
    readonly limit: number
  }): Promise<readonly OperationSummary[]>
  /** The last `days` days of `timezone`, today as the last one. */
  changesByDay(filter: {
    readonly service?: string
    readonly environment?: string
    readonly days: number
    readonly timezone: string
  }): Promise<readonly DayOfChanges[]>
  operation(id: OperationId): Promise<OperationDetail | undefined>
  /** Where a request came from and what went out for it. */
  trail(id: RequestId): Promise<RequestTrail | undefined>
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
  /** Whose an account is, and what ties it to them. */
  linkOf(
    account: Account,
  ): Promise<{ readonly personId: PersonId; readonly source: 'config' | 'claim' | 'link' | 'email' } | undefined>
  /** What a channel hears of. */
  subscriptions(channel: {
    readonly surface: SurfaceName
    readonly channel: string
  }): Promise<readonly ChannelSubscription[]>
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
  /** Unties an account from this person. Throws UserError when it is not, or no longer, theirs to be untied. */
  unlink(mark: WriteMark, account: Account, from: PersonId): Promise<void>
  subscribe(
    mark: WriteMark,
    wish: {
      readonly surface: SurfaceName
      readonly channel: string
      readonly service?: string
      readonly environment?: string
    },
  ): Promise<void>
  /** Ends these subscriptions; those of the configuration stay. */
  unsubscribe(mark: WriteMark, ids: readonly string[]): Promise<void>
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
  for(person: Person): Promise<
    readonly {
      readonly name: string
      readonly summary: string
      readonly risk: string
      readonly usage: string
      readonly examples: readonly string[]
      readonly where: readonly string[]
    }[]
  >
}
