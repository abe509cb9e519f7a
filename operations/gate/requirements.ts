import type { PersonId } from '../../core/ids.ts'
import type { Person } from '../../core/person.ts'
import type { ApprovalRule } from '../../core/policy.ts'
import type { Consent, GateQuestion, Requirement } from './question.ts'
import { rightHolders } from './rights.ts'
import { ruleMatches } from './scope.ts'

/** What each matching approval rule asks for, and how much of it is there. Every rule has to be met, not the strongest one. */
export function requirementsOf(question: GateQuestion): {
  readonly requirements: readonly Requirement[]
  readonly expiresAt: Date
} {
  const { plan, policy, catalog, skill } = question
  const rules = skill.needsNoApproval ? [] : policy.approvals.filter((rule) => ruleMatches(rule.when, plan, catalog))
  const expiresMs = rules.length > 0 ? Math.min(...rules.map((rule) => rule.expiresMs)) : policy.planExpiresMs
  return {
    requirements: rules.map((rule) => measure(question, rule)),
    expiresAt: new Date(question.plannedAt.getTime() + expiresMs),
  }
}

/** A yes is as long-lived as the wait for it: what was approved and then held back is asked for again. */
export const isFresh = (yes: Consent, rule: Pick<ApprovalRule, 'expiresMs'>, now: Date): boolean =>
  yes.at.getTime() + rule.expiresMs > now.getTime()

function measure(question: GateQuestion, rule: ApprovalRule): Requirement {
  const { count, role } = rule.require
  const people = new Map(question.people.map((person) => [person.id, person]))
  const ask = {
    plan: question.plan,
    requester: question.person.id,
    people,
    delegations: question.delegations,
    now: question.now,
  }
  const holdersOf = (person: Person | undefined) => (person ? rightHolders(person, role, ask) : [])
  const fresh = question.approvals.filter((yes) => isFresh(yes, rule, question.now))
  const saidYes = [...new Set(fresh.map((approval) => approval.personId))]
  const rights = saidYes.map((id) => holdersOf(people.get(id)))
  const have = pairUp(rights)
  const eligible = question.people
    .filter((person) => !saidYes.includes(person.id))
    // Eligible is whose yes would move the count: a deputy whose lender already said yes would not.
    .filter((person) => pairUp([...rights, holdersOf(person)]) > have)
    .map((person) => person.id)
  return { rule: rule.name, count, role, have: Math.min(have, count), eligible }
}

/**
 * How many approvals count when every one uses a different person's right: a maximum matching between those who said yes and the
 * rights they may use (Kuhn's algorithm), so that a deputy and their lender never count twice for one right.
 */
export function pairUp(rights: readonly (readonly PersonId[])[]): number {
  const takenBy = new Map<PersonId, number>()
  const place = (approver: number, seen: Set<PersonId>): boolean => {
    for (const holder of rights[approver] ?? []) {
      if (seen.has(holder)) continue
      seen.add(holder)
      const other = takenBy.get(holder)
      if (other === undefined || place(other, seen)) {
        takenBy.set(holder, approver)
        return true
      }
    }
    return false
  }
  return rights.filter((_, approver) => place(approver, new Set())).length
}
