import { lt, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from './database.ts'
import { learnedServices } from './schema/learned-services.ts'

export type LearnedServiceRow = typeof learnedServices.$inferSelect

/** Notes what the cluster runs. What is noted already is noted again only now and then: every process asks every minute. */
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
      setWhere: sql`(${learnedServices.namespace}, ${learnedServices.workload}, ${learnedServices.repository})
          is distinct from (excluded.namespace, excluded.workload, excluded.repository)
        or ${learnedServices.seenAt} not between excluded.seen_at - interval '1 hour' and excluded.seen_at`,
    })
}

export async function listLearnedServices(db: Queryable): Promise<LearnedServiceRow[]> {
  return db.select().from(learnedServices).orderBy(learnedServices.name, learnedServices.environment)
}

/** Forgets what has not been seen since then. */
export async function forgetLearnedServices(tx: Queryable, seenBefore: Date): Promise<void> {
  await tx.delete(learnedServices).where(lt(learnedServices.seenAt, seenBefore))
}
