import { lt, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from './database.ts'
import { learnedServices } from './schema/learned-services.ts'

export type LearnedServiceRow = typeof learnedServices.$inferSelect

/** Notes what the cluster runs. */
export async function putLearnedServices(
  tx: Transaction,
  seen: readonly Omit<LearnedServiceRow, 'seenAt'>[],
  seenAt: Date,
): Promise<void> {
  if (seen.length === 0) return
  await tx
    .insert(learnedServices)
    .values(seen.map((service) => ({ ...service, seenAt })))
    .onConflictDoUpdate({
      target: [learnedServices.name, learnedServices.environment],
      set: {
        namespace: sql`excluded.namespace`,
        workload: sql`excluded.workload`,
        repository: sql`excluded.repository`,
        seenAt,
      },
    })
}

export async function listLearnedServices(db: Queryable): Promise<LearnedServiceRow[]> {
  return db.select().from(learnedServices).orderBy(learnedServices.name, learnedServices.environment)
}

/** Forgets what has not been seen since then. */
export async function forgetLearnedServices(tx: Queryable, seenBefore: Date): Promise<void> {
  await tx.delete(learnedServices).where(lt(learnedServices.seenAt, seenBefore))
}
