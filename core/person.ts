import type { PersonId } from './ids.ts'

export const ROLES = ['viewer', 'operator', 'approver', 'admin', 'breakglass'] as const
export type Role = (typeof ROLES)[number]

export const SURFACES = ['slack', 'teams', 'web', 'cli'] as const
export type SurfaceName = (typeof SURFACES)[number]

/** A role, where it counts. `['*']` is everywhere; an empty list is nowhere. */
export interface Grant {
  readonly role: Role
  readonly environments: readonly string[]
  readonly teams: readonly string[]
}

/** An account on a surface, linked to a person. `id` is the surface's own (Slack user id, web login, …). */
export interface Account {
  readonly surface: SurfaceName
  readonly id: string
}

/** Stands where a person is named for an account that is nobody's; no person's id holds a colon. */
export const strangerId = ({ surface, id }: Account): PersonId => `${surface}:${id}` as PersonId

/** The account that an id stands for which `strangerId` made. */
export function strangersAccount(id: PersonId): Account | undefined {
  const surface = SURFACES.find((name) => id.startsWith(`${name}:`))
  return surface && { surface, id: id.slice(surface.length + 1) }
}

/** A human. Rights and approvals belong to persons, never to accounts. */
export interface Person {
  readonly id: PersonId
  readonly name: string
  readonly email?: string
  readonly timezone: string
  readonly accounts: readonly Account[]
  readonly grants: readonly Grant[]
  /** False for a leaver: nothing they hold counts any more. */
  readonly active: boolean
}

/** Somebody acting in place of somebody else until a date; the deputy has the other's approver grants. */
export interface Delegation {
  readonly from: PersonId
  readonly to: PersonId
  readonly until: Date
}
