import { and, eq, inArray, notInArray, sql } from 'drizzle-orm'
import type { PersonId } from '../core/ids.ts'
import type { Account, Person } from '../core/person.ts'
import type { Queryable, Transaction } from './database.ts'
import { accounts } from './schema/accounts.ts'
import { grants } from './schema/grants.ts'
import { people } from './schema/people.ts'

/** Everybody, leavers included (`active: false`), with accounts and grants. */
export async function listPeople(db: Queryable): Promise<Person[]> {
  return assemble(db, await db.select().from(people).orderBy(people.id))
}

/**
 * Changes with every change of who is active and of who holds which role: how many rows there are, and the transactions that wrote them. A
 * sum, so that rows which commit in another order than they were begun in show too.
 */
export const PEOPLE_VERSION = sql`(select count(*) || '-' || coalesce(sum(xmin::text::bigint), 0) from quarterdeck.people)
  || '-' || (select count(*) || '-' || coalesce(sum(xmin::text::bigint), 0) from quarterdeck.grants)`

export async function peopleVersion(db: Queryable): Promise<string> {
  const { rows } = await db.execute<{ version: string }>(sql`select ${PEOPLE_VERSION} as version`)
  return rows[0]?.version ?? ''
}

/** As `peopleVersion`, with another one beside it that changes with every change of an account. */
export async function directoryVersion(db: Queryable): Promise<{ people: string; accounts: string }> {
  const { rows } = await db.execute<{ people: string; accounts: string }>(sql`
    select ${PEOPLE_VERSION} as people,
      (select count(*) || '-' || coalesce(sum(xmin::text::bigint), 0) from quarterdeck.accounts) as accounts`)
  return rows[0] ?? { people: '', accounts: '' }
}

export async function personById(db: Queryable, id: PersonId): Promise<Person | undefined> {
  return (await assemble(db, await db.select().from(people).where(eq(people.id, id))))[0]
}

export async function personByAccount(db: Queryable, account: Account): Promise<Person | undefined> {
  const owner = await db
    .select({ personId: accounts.personId })
    .from(accounts)
    .where(and(eq(accounts.surface, account.surface), eq(accounts.accountId, account.id)))
  return owner[0] && personById(db, owner[0].personId)
}

async function assemble(db: Queryable, rows: (typeof people.$inferSelect)[]): Promise<Person[]> {
  const ids = rows.map((row) => row.id)
  if (ids.length === 0) return []
  const [accountRows, grantRows] = [
    await db.select().from(accounts).where(inArray(accounts.personId, ids)).orderBy(accounts.linkedAt),
    await db.select().from(grants).where(inArray(grants.personId, ids)).orderBy(grants.id),
  ]
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    email: row.email ?? undefined,
    timezone: row.timezone,
    active: row.active,
    accounts: accountRows
      .filter((account) => account.personId === row.id)
      .map((account) => ({ surface: account.surface, id: account.accountId })),
    grants: grantRows
      .filter((grant) => grant.personId === row.id)
      .map(({ role, environments, teams }) => ({ role, environments, teams })),
  }))
}

/** Adds a person, or renames one. A person of the configuration keeps that source. */
export async function putPerson(
  tx: Transaction,
  person: Pick<Person, 'id' | 'name' | 'email' | 'timezone'>,
  source: 'claim' | 'link',
): Promise<void> {
  const { id, name, timezone, email = null } = person
  await tx
    .insert(people)
    .values({ id, name, email, timezone, source, active: true })
    .onConflictDoUpdate({ target: people.id, set: { name, email, timezone, active: true } })
}

/**
 * Makes the stored people follow the configuration file: those named in it are active with exactly its accounts and grants (beside what
 * was linked, claimed or granted in chat); those who were in it and are no more become inactive, and nothing they hold counts.
 */
export async function syncPeople(tx: Transaction, configured: readonly Omit<Person, 'active'>[]): Promise<void> {
  const ids = configured.map((person) => person.id)
  const gone = and(eq(people.source, 'config'), ids.length ? notInArray(people.id, ids) : undefined)
  await tx.update(people).set({ active: false }).where(gone)
  await tx.delete(accounts).where(eq(accounts.source, 'config'))
  await tx.delete(grants).where(eq(grants.source, 'config'))
  for (const { id, name, email = null, timezone, accounts: theirs, grants: rights } of configured) {
    const facts = { name, email, timezone, active: true, source: 'config' as const }
    await tx
      .insert(people)
      .values({ id, ...facts })
      .onConflictDoUpdate({ target: people.id, set: facts })
    for (const account of theirs) {
      // The file is the operators' word: it moves an account that somebody had linked to another person.
      const link = { personId: id, source: 'config' as const }
      await tx
        .insert(accounts)
        .values({ surface: account.surface, accountId: account.id, ...link })
        .onConflictDoUpdate({ target: [accounts.surface, accounts.accountId], set: link })
    }
    if (rights.length)
      await tx.insert(grants).values(
        rights.map(({ role, environments, teams }) => ({
          personId: id,
          role,
          environments: [...environments],
          teams: [...teams],
          source: 'config' as const,
        })),
      )
  }
}
