import { frozen, haltedNow, lockedByOther, missingRight, refusedByMode, refusedByRule } from './denials.ts'
import type { GateQuestion, Verdict } from './question.ts'
import { requirementsOf } from './requirements.ts'
import { holdsForAll } from './rights.ts'

/**
 * The gate. Default is deny: a plan passes only when its requester may use the skill on every target, nothing holds it back, and
 * every matching approval rule is met by distinct people other than the requester.
 *
 * Break-glass stands in for approvals, freezes and other people's locks: that is what it is for. It never stands in for the
 * requester's own right, a deny rule, a mode or the kill switch.
 */
export function decide(question: GateQuestion): Verdict {
  const firm = missingRight(question) ?? refusedByRule(question) ?? refusedByMode(question) ?? haltedNow(question)
  if (firm) return firm
  const broken = glassIsBroken(question)
  if (!broken) {
    const held = frozen(question) ?? lockedByOther(question)
    if (held) return held
  }
  const { requirements, expiresAt } = requirementsOf(question)
  if (broken || requirements.every((requirement) => requirement.have >= requirement.count)) {
    return { verdict: 'allow', met: requirements }
  }
  return { verdict: 'needs', requirements, expiresAt }
}

/** Broken by a person who, at this moment, still has the role for every target, and not longer ago than the policy lets it count. */
function glassIsBroken({ breakGlass, policy, people, plan, now }: GateQuestion): boolean {
  if (!breakGlass || !policy.breakGlass || breakGlass.until <= now) return false
  const person = people.find((candidate) => candidate.id === breakGlass.by)
  return person !== undefined && holdsForAll(person, ['breakglass'], plan)
}
