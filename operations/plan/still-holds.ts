import { canonicalJson, type Json } from '../../core/json.ts'
import { type Plan, planHash } from '../../core/plan.ts'

interface Consented {
  readonly plan: Plan
  readonly planHash: string | null
  readonly policyVersion: string | null
}

/**
 * Whether a plan previewed now says the same as the one that was shown: then a yes to that one counts, and it is that one which runs. A
 * newer release may spell the way back differently (a digest for a tag), which changes the hash and nothing that was agreed to; that
 * there is a way back, and by which skill, must not have changed.
 */
export function stillHolds({ plan, planHash: hash, policyVersion }: Consented, now: Plan, policyNow: string): boolean {
  if (planHash(now, policyNow) === hash) return true
  return policyVersion === policyNow && canonicalJson(agreedTo(plan)) === canonicalJson(agreedTo(now))
}

function agreedTo(plan: Plan): Json {
  const { skill, skillVersion, input, risk, targets, changes, preconditions, undo, steps, parts } = plan
  const back = 'impossible' in undo ? undo : { skill: undo.skill }
  const agreed = { skill, skillVersion, input, risk, targets, changes, preconditions, back, steps }
  // As for the hash: JSON by construction, the interfaces only lack the index signature.
  return { ...agreed, parts: parts?.map(agreedTo) } as unknown as Json
}
