import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { Lock } from '../core/ports/desk.ts'
import type { Queryable, Transaction } from './database.ts'
import { locks } from './schema/locks.ts'
import { people } from './schema/people.ts'

export type LockRow = typeof locks.$inferSelect

/**
 * Locks a service in an environment. Taken when it is free, when the old lock ended, or when the same person holds it (reason and end
 * are then the new ones). Returns the lock that holds now: compare `operationId` to see whose it is. Idempotent per operation.
 */
export async function putLock(tx: Transaction, lock: LockRow): Promise<LockRow> {
  const [taken] = await tx
    .insert(locks)
    .values(lock)
    .onConflictDoUpdate({
      target: [locks.service, locks.environment],
      set: {
        personId: lock.personId,
        reason: lock.reason,
        since: sql`case when ${locks.personId} = excluded.person_id then ${locks.since} else excluded.since end`,
        until: lock.until,
        operationId: lock.operationId,
      },
      setWhere: or(eq(locks.personId, lock.personId), lte(locks.until, lock.since)),
    })
    .returning()
  if (taken) return taken
  const where = and(eq(locks.service, lock.service), eq(locks.environment, lock.environment))
  const [held] = await tx.select().from(locks).where(where)
  if (!held) throw new Error(`The lock on ${lock.service} in ${lock.environment} was neither taken nor found.`)
  return held
}

/** Removes exactly this lock: not one that somebody else took since. Returns what was unlocked; undefined when it was not there. */
export async function removeLock(
  tx: Transaction,
  { service, environment, personId, since }: Pick<LockRow, 'service' | 'environment' | 'personId' | 'since'>,
): Promise<LockRow | undefined> {
  const place = and(eq(locks.service, service), eq(locks.environment, environment))
  const where = and(place, eq(locks.personId, personId), eq(locks.since, since))
  return (await tx.delete(locks).where(where).returning())[0]
}

/** Locks that hold now, with their holders' names. */
export async function listLocks(
  db: Queryable,
  filter: { service?: string; environment?: string; now: Date },
): Promise<(Lock & { operationId: LockRow['operationId'] })[]> {
  const rows = await db
    .select({ lock: locks, name: people.name })
    .from(locks)
    .leftJoin(people, eq(people.id, locks.personId))
    .where(
      and(
        filter.service === undefined ? undefined : eq(locks.service, filter.service),
        filter.environment === undefined ? undefined : eq(locks.environment, filter.environment),
        or(isNull(locks.until), gt(locks.until, filter.now)),
      ),
    )
    .orderBy(locks.environment, locks.service)
  return rows.map(({ lock, name }) => ({
    service: lock.service,
    environment: lock.environment,
    by: { id: lock.personId, name: name ?? lock.personId },
    reason: lock.reason ?? undefined,
    since: lock.since,
    until: lock.until ?? undefined,
    operationId: lock.operationId,
  }))
}

/** Removes locks that ended; returns them, so that somebody can say so. */
export async function removeEndedLocks(tx: Transaction, now: Date): Promise<LockRow[]> {
  return tx.delete(locks).where(lte(locks.until, now)).returning()
}
