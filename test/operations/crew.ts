import type { PersonId } from '../../core/ids.ts'
import type { Grant, Person } from '../../core/person.ts'
import type { Policy } from '../../core/policy.ts'
import { makeCatalog, makeService } from '../_harness/catalog.ts'

const EVERYWHERE = { environments: ['*'], teams: ['*'] }
const anywhere = (...roles: Grant['role'][]): Grant[] => roles.map((role) => ({ role, ...EVERYWHERE }))

export function person(id: string, grants: readonly Grant[], active = true): Person {
  const name = id.charAt(0).toUpperCase() + id.slice(1)
  const accounts = [
    { surface: 'web', id },
    { surface: 'cli', id },
  ] as const
  return { id: id as PersonId, name, timezone: 'Europe/Berlin', accounts, grants, active }
}

export const CREW: readonly Person[] = [
  person('mira', anywhere('operator')),
  person('jonas', anywhere('approver', 'operator')),
  person('ann', anywhere('approver')),
  person('priya', anywhere('viewer')),
  person('sam', anywhere('operator', 'breakglass')),
  person('root', anywhere('admin')),
  person('lea', [{ role: 'approver', environments: ['staging'], teams: ['*'] }]),
  person('gone', anywhere('approver', 'operator'), false),
]

export const policy = (change: Partial<Policy> = {}): Policy => ({
  version: 'policy-1',
  approvals: [
    {
      name: 'production changes',
      when: { environments: ['production'] },
      require: { count: 1, role: 'approver' },
      expiresMs: 30 * 60_000,
      remindMs: 10 * 60_000,
      remind: [],
    },
  ],
  denies: [],
  freezes: [],
  breakGlass: { reviewer: 'jonas', reviewWithinMs: 24 * 3_600_000, validMs: 15 * 60_000 },
  planExpiresMs: 15 * 60_000,
  ...change,
})

export const CATALOG = makeCatalog([makeService('checkout', { team: 'shop' })])
