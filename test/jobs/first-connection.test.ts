import { PGlite } from '@electric-sql/pglite'
import type { PgPool, PgPoolClient } from 'bullmq'
import { DEFAULT_SCHEMA } from 'bullmq'
import { expect, test } from 'vitest'
import { migrateQueue } from '../../jobs/backends/mending-pool.ts'
import { PglitePool } from '../../jobs/backends/pglite-pool.ts'
import { onPool } from '../../jobs/backends/postgres.ts'

/** Has no connection to give for the first so many times: a server with too many clients, or one that is too slow to answer. */
class BusyPool extends PglitePool implements PgPool {
  refusals = 0

  override async connect(): Promise<PgPoolClient> {
    if (this.refusals > 0) {
      this.refusals -= 1
      throw new Error('sorry, too many clients already')
    }
    return super.connect()
  }
}

test('a queue and a worker whose first connection is refused work once there is one, and hold nobody up until then', async () => {
  const pglite = await PGlite.create()
  const pool = new BusyPool(pglite)
  await migrateQueue(pool)
  await pglite.exec(`set search_path = ${DEFAULT_SCHEMA}`)
  pool.refusals = 4
  const backend = onPool('embedded', pool)
  const { promise: done, resolve } = Promise.withResolvers<void>()
  const worker = backend.worker('busy', async () => resolve(), { concurrency: 2, runRetryDelay: 1 })
  worker.on('error', () => undefined)
  const queue = backend.queue('busy')
  queue.on('error', () => undefined)
  await queue.add('advance', { outboxId: 1, kind: 'advance', operationId: null }, { jobId: 'job-1' })
  await done
  expect(pool.refusals).toBe(0)
  await worker.close()
  await queue.close()
  await backend.close()
  await pglite.close()
})
