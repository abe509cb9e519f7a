import { and, eq } from 'drizzle-orm'
import type { PersonId } from '../core/ids.ts'
import type { Grant } from '../core/person.ts'
import type { Queryable, Transaction } from './database.ts'
import { grants } from './schema/grants.ts'
import { people } from './schema/people.ts'

export async function addGrant(
  tx: Transaction,
  given: { personId: PersonId; grant: Grant; source: 'claim' | 'admin'; grantedBy?: PersonId; at: Date },
): Promise<void> {
  const { personId, grant, source, grantedBy, at } = given
  await tx.insert(grants).values({
    personId,
    role: grant.role,
    environments: [...grant.environments],
    teams: [...grant.teams],
    source,
    grantedBy,
    at,
  })
}

/** False on a fresh install, and when the last admin left: then a first-admin code is printed. */
export async function hasActiveAdmin(db: Queryable): Promise<boolean> {
  const admins = await db
    .select({ id: people.id })
    .from(grants)
    .innerJoin(people, eq(people.id, grants.personId))
    .where(and(eq(grants.role, 'admin'), eq(people.active, true)))
    .limit(1)
  return admins.length > 0
}
