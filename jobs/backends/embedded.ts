import type { PGlite } from '@electric-sql/pglite'
import { DEFAULT_SCHEMA } from 'bullmq'
import type { QueueBackend } from './backend.ts'
import { migrateQueue } from './mending-pool.ts'
import { PglitePool } from './pglite-pool.ts'
import { onPool } from './postgres.ts'

/**
 * BullMQ on the PGlite that is the store. The search path of the one session is BullMQ's (DESIGN §4's one exception):
 * its commands name their functions without a schema; everything of ours names its schema.
 */
export async function openEmbeddedQueue(pglite: PGlite): Promise<QueueBackend> {
  const pool = new PglitePool(pglite)
  await migrateQueue(pool)
  await pglite.exec(`set search_path = ${DEFAULT_SCHEMA}`)
  return onPool('embedded', pool)
}
