import type { Catalog } from '../../core/catalog/catalog.ts'
import type { PersonId } from '../../core/ids.ts'
import type { Delegation, Person, Role } from '../../core/person.ts'
import type { Plan } from '../../core/plan.ts'
import type { Policy } from '../../core/policy.ts'
import type { Lock, Mode } from '../../core/ports/desk.ts'
import type { ChangeSkill } from '../../core/skill.ts'

/** What the gate has to know of a skill. */
export type GatedSkill = Pick<ChangeSkill, 'name' | 'allow' | 'inline' | 'needsNoApproval'>

/** One person's yes to the plan being asked about. */
export interface Consent {
  readonly personId: PersonId
  readonly at: Date
}

export interface Modes {
  readonly everywhere: Mode
  readonly scoped: readonly { readonly scope: string; readonly mode: Mode }[]
}

export interface Halt {
  readonly by: string
  readonly since: Date
  readonly reason?: string
}

/** Somebody broke the glass for this very plan. */
export interface BrokenGlass {
  readonly by: PersonId
  readonly until: Date
}

/** Everything the gate decides by. Pure data, so that the same question always has the same answer. */
export interface GateQuestion {
  readonly plan: Plan
  readonly skill: GatedSkill
  /** Who asked for the change. */
  readonly person: Person
  readonly people: readonly Person[]
  readonly delegations: readonly Delegation[]
  readonly policy: Policy
  readonly locks: readonly Lock[]
  readonly halted: Halt | undefined
  readonly modes: Modes
  readonly catalog: Catalog
  readonly now: Date
  /** When this revision of the plan was made: approvals expire counted from here. */
  readonly plannedAt: Date
  /** Yeses to this very plan hash that are not voided. */
  readonly approvals: readonly Consent[]
  readonly breakGlass?: BrokenGlass
}

export interface Requirement {
  readonly rule: string
  readonly count: number
  readonly role: Role
  /** How many of `count` are there. */
  readonly have: number
  /** Who could still say yes. */
  readonly eligible: readonly PersonId[]
}

export interface Denial {
  readonly verdict: 'deny'
  readonly rule: string
  readonly missing: string | undefined
  readonly grantedBy: readonly string[]
  /** The whole refusal as a sentence. */
  readonly says: string
  /**
   * `never`: nothing but the named right or rule helps. `break-glass`: a person with that role may pass.
   * `later`: the kill switch; what was approved starts when it is lifted. `plan-only`: the plan may be shown, not run.
   */
  readonly passes: 'never' | 'break-glass' | 'later' | 'plan-only'
}

export type Verdict =
  | { readonly verdict: 'allow'; readonly met: readonly Requirement[] }
  | Denial
  | { readonly verdict: 'needs'; readonly requirements: readonly Requirement[]; readonly expiresAt: Date }
