import { and, eq, ne, sql } from 'drizzle-orm'
import type { PersonId } from '../core/ids.ts'
import type { Account } from '../core/person.ts'
import type { Queryable, Transaction } from './database.ts'
import { accounts } from './schema/accounts.ts'
import { people } from './schema/people.ts'
import { severedAccounts } from './schema/severed-accounts.ts'

/** By what an account is tied to its person: a line of the configuration, a one-time code, or an e-mail address. */
export type LinkSource = (typeof accounts.$inferSelect)['source']

const isAccount = ({ surface, id }: Account) => and(eq(accounts.surface, surface), eq(accounts.accountId, id))

/** Ties an account to a person. Returns false when it belongs to somebody already; it is left with them. */
export async function linkAccount(
  tx: Transaction,
  link: { account: Account; personId: PersonId; source: Exclude<LinkSource, 'config'>; at: Date },
): Promise<boolean> {
  const { account, personId, source, at } = link
  const added = await tx
    .insert(accounts)
    .values({ surface: account.surface, accountId: account.id, personId, source, linkedAt: at })
    .onConflictDoNothing()
    .returning({ personId: accounts.personId })
  return added.length > 0
}

/** Whose an account is, and by what. */
export async function linkOf(
  db: Queryable,
  account: Account,
): Promise<{ readonly personId: PersonId; readonly source: LinkSource } | undefined> {
  const [row] = await db
    .select({ personId: accounts.personId, source: accounts.source })
    .from(accounts)
    .where(isAccount(account))
  return row
}

/**
 * Unties an account from this person, and remembers that somebody did. Returns false when it is not theirs, or theirs by the configuration,
 * which would tie it again at the next start.
 */
export async function severAccount(
  tx: Transaction,
  severed: { account: Account; personId: PersonId; by: PersonId; at: Date },
): Promise<boolean> {
  const { account, personId, by, at } = severed
  const gone = await tx
    .delete(accounts)
    .where(and(isAccount(account), eq(accounts.personId, personId), ne(accounts.source, 'config')))
    .returning({ personId: accounts.personId })
  if (gone.length === 0) return false
  const facts = { personId, by, at }
  await tx
    .insert(severedAccounts)
    .values({ surface: account.surface, accountId: account.id, ...facts })
    .onConflictDoUpdate({ target: [severedAccounts.surface, severedAccounts.accountId], set: facts })
  return true
}

/** Whose account this is by an e-mail address: of exactly one active person of the configuration, and only if nobody ever untied it. */
export async function personVouchedFor(
  db: Queryable,
  account: Account,
  email: string,
): Promise<{ readonly id: PersonId; readonly name: string } | undefined> {
  const address = email.trim().toLowerCase()
  const severed = await db
    .select({ at: severedAccounts.at })
    .from(severedAccounts)
    .where(and(eq(severedAccounts.surface, account.surface), eq(severedAccounts.accountId, account.id)))
  if (severed.length > 0 || address === '') return undefined
  const found = await db
    .select({ id: people.id, name: people.name })
    .from(people)
    .where(and(eq(people.source, 'config'), people.active, sql`lower(trim(${people.email})) = ${address}`))
  return found.length === 1 ? found[0] : undefined
}
