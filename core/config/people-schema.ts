import { z } from 'zod'
import { ROLES } from '../person.ts'
import { name, timezone, words } from './parts.ts'

const accountIds = z
  .union([words, z.array(words).min(1)])
  .transform((ids) => (typeof ids === 'string' ? [ids] : ids))
  .describe('the account id on that surface, like U012AB3CD, or a list of them')

const scope = (what: string, example: string) =>
  z
    .union([z.literal('*'), z.array(words)])
    .transform((names) => (names === '*' ? ['*'] : names))
    .describe(`the ${what} in which it counts, like ${example}, or "*" for all`)

const role = z
  .strictObject({
    role: z.enum(ROLES).describe('viewer, operator, approver, admin or breakglass'),
    environments: scope('environments', '[dev, staging]'),
    teams: scope('teams', '[payments]').default(['*']),
  })
  .describe('a role and where it counts, like { role: operator, environments: [staging] }')

const person = z
  .strictObject({
    name: words.describe('the name people know them by, like Mira Vogel'),
    email: z.email().optional().describe('an e-mail address'),
    timezone: timezone.default('UTC'),
    accounts: z
      .strictObject({
        slack: accountIds.optional(),
        teams: accountIds.optional(),
        web: accountIds.optional(),
        cli: accountIds.optional(),
      })
      .default({})
      .describe('their accounts by surface (slack, teams, web, cli), like { slack: U012AB3CD }'),
    roles: z.array(role).default([]).describe('a list of roles, like [{ role: operator, environments: [staging] }]'),
  })
  .describe('a person: name, email, timezone, accounts, roles')

export const people = z.record(name, person).default({}).describe('people by their id, like mira: { name: Mira }')
