import type { PersonId } from '../../core/ids.ts'
import type { Person, Role } from '../../core/person.ts'
import type { GateQuestion, Requirement } from './question.ts'
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
    requirements: rules.map((rule) => measure(question, rule.name, rule.require.count, rule.require.role)),
    expiresAt: new Date(question.plannedAt.getTime() + expiresMs),
  }
}

function measure(question: GateQuestion, rule: string, count: number, role: Role): Requirement {
  const people = new Map(question.people.map((person) => [person.id, person]))
  const ask = {
    plan: question.plan,
    requester: question.person.id,
    people,
    delegations: question.delegations,
    now: question.now,
  }
  const holdersOf = (person: Person | undefined) => (person ? rightHolders(person, role, ask) : [])
  const saidYes = [...new Set(question.approvals.map((approval) => approval.personId))]
  const rights = saidYes.map((id) => holdersOf(people.get(id)))
  const have = pairUp(rights)
  const eligible = question.people
    .filter((person) => !saidYes.includes(person.id))
    // Eligible is whose yes would move the count: a deputy whose lender already said yes would not.
    .filter((person) => pairUp([...rights, holdersOf(person)]) > have)
    .map((person) => person.id)
  return { rule, count, role, have: Math.min(have, count), eligible }
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
