import type { PersonId } from '../../../core/ids.ts'
import type { Account, Grant, Person, Role } from '../../../core/person.ts'
import type { Policy } from '../../../core/policy.ts'

/** Everybody in the proof. The requesters hold the approver's right too, so that approving one's own request is there to be tried. */
export const NAMES = ['rita', 'ann', 'bob', 'cat', 'eve', 'dan', 'sam', 'root'] as const
export type Name = (typeof NAMES)[number]
export const REQUESTERS = ['rita', 'sam'] as const

const EVERYWHERE = ['*']
const FIRST_ROLES: Readonly<Record<Name, readonly { role: Role; environments: readonly string[] }[]>> = {
  rita: [
    { role: 'operator', environments: EVERYWHERE },
    { role: 'approver', environments: EVERYWHERE },
  ],
  ann: [{ role: 'approver', environments: EVERYWHERE }],
  bob: [{ role: 'approver', environments: EVERYWHERE }],
  cat: [{ role: 'approver', environments: ['staging'] }],
  eve: [
    { role: 'approver', environments: ['production'] },
    { role: 'operator', environments: EVERYWHERE },
  ],
  dan: [{ role: 'viewer', environments: EVERYWHERE }],
  sam: [
    { role: 'operator', environments: EVERYWHERE },
    { role: 'breakglass', environments: ['production'] },
    { role: 'approver', environments: EVERYWHERE },
  ],
  root: [{ role: 'admin', environments: EVERYWHERE }],
}

export const grantsOf = (name: Name): Grant[] => FIRST_ROLES[name].map((grant) => ({ ...grant, teams: EVERYWHERE }))

/** Two accounts each. */
export const ACCOUNTS = ['web', 'cli'] as const
export type AccountKind = (typeof ACCOUNTS)[number]

/** Each account, as a chat has it. */
export const ACCOUNT_NAMES = NAMES.flatMap((name) => ACCOUNTS.map((kind) => `${name}-${kind}`))

/** The crew with its accounts elsewhere. */
export const crewWith = (accountOf: (name: string, kind: AccountKind) => Account): typeof CREW =>
  CREW.map((person) => ({ ...person, accounts: ACCOUNTS.map((kind) => accountOf(person.id, kind)) }))

export const CREW: readonly Omit<Person, 'active'>[] = NAMES.map((name) => ({
  id: name as PersonId, // plain text is an id once somebody says so
  name: name.charAt(0).toUpperCase() + name.slice(1),
  timezone: 'utc',
  accounts: ACCOUNTS.map((surface) => ({ surface, id: `${name}-${surface}` })),
  grants: grantsOf(name),
}))

export const YES_VALID_MS = 30 * 60_000
export const GLASS_VALID_MS = 15 * 60_000

/** Every change of it is asked of so many approvers. */
export const policyOfCount = (count: number): Policy => ({
  version: `asks-${count}`,
  approvals: [
    {
      name: 'every change',
      when: {},
      require: { count, role: 'approver' },
      expiresMs: YES_VALID_MS,
      remindMs: undefined,
      remind: [],
    },
  ],
  denies: [],
  freezes: [],
  breakGlass: { reviewer: 'root', reviewWithinMs: 24 * 3_600_000, validMs: GLASS_VALID_MS },
  planExpiresMs: YES_VALID_MS,
})
