import type { SurfaceName } from '../core/person.ts'
import type { Transaction } from './database.ts'
import { incoming } from './schema/incoming.ts'

/**
 * True the first time a key is seen; false for a redelivery. A second transaction with the same key waits here until the first one
 * ended, so that of a hundred equal clicks one acts.
 */
export async function firstSeen(tx: Transaction, surface: SurfaceName, key: string, at: Date): Promise<boolean> {
  const added = await tx.insert(incoming).values({ surface, key, at }).onConflictDoNothing().returning()
  return added.length > 0
}
