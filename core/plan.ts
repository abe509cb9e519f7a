import type { Block } from './card.ts'
import type { PlanHash } from './ids.ts'
import { canonicalJson, type Json, type JsonObject, sha256 } from './json.ts'

export type Risk = 'read' | 'write' | 'destructive'

/** What a plan touches. Locks, freezes, policy and roles are asked per target. */
export interface Target {
  readonly service?: string
  readonly environment?: string
  /** The owning team, from the catalog; role grants may be scoped by it. */
  readonly team?: string
}

/** One absolute change: from → to. Relative wishes are resolved before a change is made of them. */
export interface Change {
  /** For people: `checkout in staging`. */
  readonly target: string
  /** For people and machines: `image`, `replicas`, … */
  readonly field: string
  readonly from: Json
  readonly to: Json
}

/** A field the plan relies on though it does not change it, e.g. "no autoscaler owns the replicas". */
export interface Precondition {
  readonly target: string
  readonly field: string
  readonly is: Json
}

export type Undo =
  | { readonly skill: string; readonly input: JsonObject; readonly says: string }
  | { readonly impossible: string }

/**
 * The read-only preview of a request. Everything but `evidence`, `warnings` and `notes` is hashed; an approval binds to the hash.
 * A plan is checked again by previewing the same resolved `input` again: the same hash means that nothing it relies on changed.
 */
export interface Plan {
  readonly skill: string
  readonly skillVersion: number
  /** Resolved: names canonical, counts absolute, versions pinned to a digest. Previewing it again gives this plan again. */
  readonly input: JsonObject
  readonly risk: Risk
  readonly targets: readonly Target[]
  /** One line for people: `Deploy checkout 1.4.2 to staging`. */
  readonly summary: string
  readonly changes: readonly Change[]
  readonly preconditions: readonly Precondition[]
  readonly undo: Undo
  /** The names of the steps, in order, for the card. */
  readonly steps: readonly string[]
  /** Shown beside the plan, not hashed: metrics, blast radius, cost. */
  readonly evidence: readonly Block[]
  /** Shown loudly, not hashed. */
  readonly warnings: readonly string[]
  /** Nothing to do: the target is already as asked. The plan ends there, and says so. */
  readonly alreadySo?: string
  /** The plans of a plan for several targets, in the order in which they run; each is its own skill's, as if asked for alone. */
  readonly parts?: readonly Plan[]
}

/** What a skill's preview returns; the engine adds the skill's name, version and defaults. */
export interface PlanDraft {
  readonly input: JsonObject
  readonly targets: readonly Target[]
  readonly summary: string
  readonly changes: readonly Change[]
  readonly preconditions?: readonly Precondition[]
  readonly undo: Undo
  readonly steps: readonly string[]
  readonly evidence?: readonly Block[]
  readonly warnings?: readonly string[]
  readonly alreadySo?: string
  readonly parts?: readonly Plan[]
}

/** SHA-256 over the hashed part of a plan and the policy version (DESIGN §1, plan). */
export function planHash(plan: Plan, policyVersion: string): PlanHash {
  const hashed = { ...hashedOf(plan), parts: plan.parts?.map(hashedOf), policyVersion }
  // The parts are JSON by construction; the interfaces only lack the index signature.
  return sha256(canonicalJson(hashed as unknown as Json)) as PlanHash
}

function hashedOf({ skill, skillVersion, input, risk, targets, changes, preconditions, undo, steps }: Plan) {
  return { skill, skillVersion, input, risk, targets, changes, preconditions, undo, steps }
}
