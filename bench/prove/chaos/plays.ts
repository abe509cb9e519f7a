import type { ClickVerb } from '../../../core/card.ts'
import type { PersonId } from '../../../core/ids.ts'
import type { Role } from '../../../core/person.ts'
import { FIRST_REPLICAS } from '../crash/deployments.ts'
import { type EnvironmentRule, type NewPerson, REQUESTER, VERSION } from '../crash/engine.ts'
import type { Asking } from '../crash/worker.ts'
import type { Random } from '../frame/random.ts'

/** How many others have to say yes, where. */
export const RULES: readonly EnvironmentRule[] = [
  { environment: 'staging', approvals: 1 },
  { environment: 'production', approvals: 2 },
]
const [ANN, BOB, OLAF] = ['ann', 'bob', 'olaf'] as const
/** Who has the right to say yes. */
export const APPROVERS: readonly string[] = [ANN, BOB]

const roleOf = (role: Role) => ({ role, environments: ['*'], teams: ['*'] })
const person = (id: string, name: string, ...roles: readonly Role[]): NewPerson => ({
  ...{ id: id as PersonId, name, timezone: 'utc', accounts: [], grants: roles.map(roleOf) }, // plain text is an id once somebody says so
})
/** The requester holds the approver's right as well: it must not help with what they asked for themselves. */
export const PEOPLE: readonly NewPerson[] = [
  person(REQUESTER, 'Rita', 'operator', 'approver'),
  person(ANN, 'Ann', 'approver'),
  person(BOB, 'Bob', 'approver'),
  person(OLAF, 'Olaf', 'operator'),
]

/** A button that somebody wants to press, so long after the change was accepted. */
export interface Wish {
  readonly person: string
  readonly verb: ClickVerb
  readonly afterMs: number
  /** Pressed twice at once, as two events of the surface. */
  readonly double?: boolean
  /** Not theirs to press. */
  readonly hopeless?: boolean
}

export const FATES = ['plain', 'approved', 'double', 'two', 'rejected', 'cancelled', 'unentitled'] as const
export type Fate = (typeof FATES)[number]

/** One change that is asked for, and what people do about it. Each is of a service of its own. */
export interface Play extends Asking {
  readonly input: Readonly<Record<string, string | number>>
  readonly service: string
  readonly environment: string
  readonly fate: Fate
  readonly atMs: number
  /** Asked for at two workers at once. */
  readonly twice: boolean
  readonly wishes: readonly Wish[]
}

export const MORE = 3
/** What somebody writes who rejects a plan where they are asked why. */
export const WHY_NOT = 'not while the shop is full'
const HOLD = '3s'
export const HOLD_MS = 3_000
const WEIGHTED: readonly Fate[] = [
  ...['plain', 'plain', 'plain', 'plain', 'plain', 'approved', 'approved', 'approved'],
  ...['double', 'double', 'two', 'two', 'rejected', 'cancelled', 'cancelled', 'unentitled'],
] as const satisfies readonly Fate[]
const ENVIRONMENTS: Readonly<Record<Fate, readonly string[]>> = {
  plain: ['dev'],
  approved: ['staging'],
  double: ['staging'],
  two: ['production'],
  rejected: ['production'],
  cancelled: ['dev', 'staging'],
  unentitled: ['production'],
}
const KINDS = ['deploy', 'scale', 'hold'] as const

/** @param bells whether some are rung as well: not where a worker that was taken for dead may still have its hand on one */
export function playOf(n: number, atMs: number, random: Random, bells: boolean): Play {
  const service = `s${n}`
  // The first ones, so that a short run has each.
  const fate = FATES[n] ?? random.pick(WEIGHTED)
  const environment = random.pick(ENVIRONMENTS[fate])
  const place = { service, environment }
  const kinds = bells ? ([...KINDS, 'ring'] as const) : KINDS
  const asked = askedFor(kinds[n % kinds.length] ?? 'deploy', place)
  const wishes = wishesFor(fate, random)
  return { key: `asked-${n}`, ...asked, service, environment, fate, atMs, twice: random.below(6) === 0, wishes }
}

function askedFor(
  kind: (typeof KINDS)[number] | 'ring',
  place: { readonly service: string; readonly environment: string },
): Pick<Play, 'skill' | 'input'> {
  const scale = { ...place, replicas: FIRST_REPLICAS + MORE }
  switch (kind) {
    case 'deploy':
      return { skill: kind, input: { ...place, version: VERSION } }
    case 'scale':
      return { skill: kind, input: scale }
    case 'hold':
      return { skill: 'scale', input: { ...scale, for: HOLD } }
    case 'ring':
      return { skill: kind, input: place }
  }
}

function wishesFor(fate: Fate, random: Random): Wish[] {
  const soon = () => random.below(1_200)
  const approve = (person: string, more: Partial<Wish> = {}): Wish => ({
    ...{ person, verb: 'approve', afterMs: soon(), ...more },
  })
  switch (fate) {
    case 'plain':
      return []
    case 'approved':
      return [approve(random.pick(APPROVERS))]
    case 'double':
      return [approve(ANN, { double: true }), approve(BOB)]
    case 'two':
      return [approve(ANN, { double: random.below(3) === 0 }), approve(BOB)]
    case 'rejected':
      return [approve(ANN), { person: BOB, verb: 'reject', afterMs: soon() }]
    case 'cancelled':
      return [{ person: REQUESTER, verb: 'cancel', afterMs: soon() }]
    case 'unentitled': {
      const hopeless = [REQUESTER, OLAF].map((who) => approve(who, { hopeless: true }))
      return [approve(ANN), ...hopeless, { person: REQUESTER, verb: 'cancel', afterMs: 2_000 + soon() }]
    }
  }
}
