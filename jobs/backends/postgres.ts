import type { JobProgress, PgPool, PostgresConnectionOptions, PostgresQueueBackend } from 'bullmq'
import { createPostgresBackend, DEFAULT_SCHEMA, Queue, Worker } from 'bullmq'
import pg from 'pg'
import type { JobData, JobKind } from '../queues.ts'
import type { QueueBackend } from './backend.ts'
import { MendingPool, migrateQueue } from './mending-pool.ts'

type Connection = PostgresConnectionOptions
const PostgresQueue = Queue<JobData, void, JobKind, JobData, void, JobKind, PostgresQueueBackend, Connection>
const PostgresWorker = Worker<JobData, void, JobKind, PostgresQueueBackend, JobProgress, Connection>

/** BullMQ on anything shaped like a `pg.Pool` whose connections find BullMQ's schema first. */
export function onPool(name: 'embedded' | 'postgres', bare: PgPool): QueueBackend {
  const mending: MendingPool[] = []
  const connection = () => {
    const pool = new MendingPool(bare)
    mending.push(pool)
    return pool
  }
  return {
    name,
    // BullMQ builds two temporary tables for each bulk. That costs as much as ten single adds, and leaves dead rows in the catalog,
    // which on PGlite nobody vacuums: never.
    bulkFrom: Number.POSITIVE_INFINITY,
    queue: (queue) => new PostgresQueue(queue, { connection: connection() }, createPostgresBackend),
    worker: (queue, process, options) =>
      new PostgresWorker(queue, process, { ...options, connection: connection() }, createPostgresBackend),
    unready: () => undefined,
    check: async () => [],
    async close() {
      for (const pool of mending) await pool.end()
      await bare.end()
    },
  }
}

/**
 * BullMQ on the store's PostgreSQL, with connections of its own: theirs find BullMQ's schema by their search path, and one of
 * them LISTENs for as long as a worker lives, so a pooler in transaction mode must not stand between.
 */
export async function openPostgresQueue(storePool: pg.Pool, connections: number): Promise<QueueBackend> {
  const { options } = storePool
  const pool = new pg.Pool({
    ...options,
    // pg hides the password from enumeration.
    password: options.password,
    options: `-c search_path=${DEFAULT_SCHEMA} -c jit=off`,
    // The store's: a connection that listens is silent for long.
    onConnect: undefined,
    keepAlive: true,
    max: connections,
    connectionTimeoutMillis: 5_000,
    query_timeout: 15_000,
  })
  // One in use whose server goes away between two statements says so here; unheard, that would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  try {
    await migrateQueue(pool)
  } catch (error) {
    await pool.end()
    throw error
  }
  return onPool('postgres', pool)
}
