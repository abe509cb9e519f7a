import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { deliveries } from './schema/deliveries.ts'
import { senderLeases } from './schema/sender-leases.ts'

/**
 * Takes or renews the right to send to a place for a while: true for the one process that has it. By the database's clock, the one
 * that all processes share.
 */
export async function holdSenderLease(
  db: Queryable,
  lease: { place: string; owner: string; leaseMs: number },
): Promise<boolean> {
  const { place, owner, leaseMs } = lease
  const until = sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`
  const held = await db
    .insert(senderLeases)
    .values({ place, owner, until })
    .onConflictDoUpdate({
      target: senderLeases.place,
      set: { owner, until },
      setWhere: sql`${senderLeases.owner} = ${owner} or ${senderLeases.until} < clock_timestamp()`,
    })
    .returning({ owner: senderLeases.owner })
  return held.length > 0
}

/** Gives it back, so that the next process need not wait for its end. */
export async function releaseSenderLease(db: Queryable, lease: { place: string; owner: string }): Promise<void> {
  await db.delete(senderLeases).where(and(eq(senderLeases.place, lease.place), eq(senderLeases.owner, lease.owner)))
}

/** For who is alone on its store and has just begun: whoever was sending is dead, and nobody need wait for the end of what it held. */
export async function endDeadLeases(db: Queryable): Promise<void> {
  await db.delete(senderLeases)
  await db.update(deliveries).set({ leaseOwner: null, leaseUntil: null }).where(isNotNull(deliveries.leaseUntil))
}
