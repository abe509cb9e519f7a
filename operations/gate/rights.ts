import type { PersonId } from '../../core/ids.ts'
import type { Delegation, Grant, Person, Role } from '../../core/person.ts'
import type { Plan, Target } from '../../core/plan.ts'
import { targetsOf } from './scope.ts'

const EVERYWHERE = '*'

/**
 * Skills that touch nothing but the person's own place here, or what a channel is shown of what anybody may ask about; any grant of an
 * allowed role is enough for them, wherever it counts.
 */
const PERSONAL_SKILLS: readonly string[] = ['link', 'unlink', 'delegate', 'subscribe', 'unsubscribe']

export const isPersonal = (skill: string) => PERSONAL_SKILLS.includes(skill)

function covers(grant: Grant, target: Target): boolean {
  return scopeHolds(grant.environments, target.environment) && scopeHolds(grant.teams, target.team)
}

// What names no environment (or belongs to no team) needs a grant that is not limited to some.
function scopeHolds(scope: readonly string[], value: string | undefined): boolean {
  return scope.includes(EVERYWHERE) || (value !== undefined && scope.includes(value))
}

/** Whether an active person holds one of the roles for a target. */
export function holds(person: Person, roles: readonly Role[], target: Target): boolean {
  return person.active && person.grants.some((grant) => roles.includes(grant.role) && covers(grant, target))
}

/** Whether an active person holds one of the roles for every target of the plan. */
export function holdsForAll(person: Person, roles: readonly Role[], plan: Pick<Plan, 'skill' | 'targets'>): boolean {
  return targetsOf(plan).every((target) => holds(person, roles, target))
}

/** Whether an active person holds one of the roles anywhere at all. */
export function holdsAnywhere(person: Person, roles: readonly Role[]): boolean {
  return (
    person.active &&
    person.grants.some((grant) => roles.includes(grant.role) && grant.environments.length > 0 && grant.teams.length > 0)
  )
}

/** The first target for which the person lacks all of the roles; undefined when the plan's skill is theirs to use. */
export function lackingTarget(
  person: Person,
  roles: readonly Role[],
  plan: Pick<Plan, 'skill' | 'targets'>,
): Target | undefined {
  if (isPersonal(plan.skill)) return holdsAnywhere(person, roles) ? undefined : {}
  return targetsOf(plan).find((target) => !holds(person, roles, target))
}

/**
 * Whose approval rights a person may use for this plan: their own, and those lent to them until a date. Only the approver role
 * can be lent, and what was lent cannot be lent on. The requester's own rights count for nobody: neither for them nor for their deputy.
 */
export function rightHolders(
  person: Person,
  role: Role,
  ask: {
    readonly plan: Plan
    readonly requester: PersonId
    readonly people: ReadonlyMap<PersonId, Person>
    readonly delegations: readonly Delegation[]
    readonly now: Date
  },
): readonly PersonId[] {
  if (!person.active || person.id === ask.requester) return []
  const holders = holdsForAll(person, [role], ask.plan) ? [person.id] : []
  if (role !== 'approver') return holders
  for (const delegation of ask.delegations) {
    if (delegation.to !== person.id || delegation.until <= ask.now) continue
    if (delegation.from === ask.requester || holders.includes(delegation.from)) continue
    const lender = ask.people.get(delegation.from)
    if (lender && holdsForAll(lender, [role], ask.plan)) holders.push(lender.id)
  }
  return holders
}
