import { Redis } from 'ioredis'
import { silentLogger } from '../../core/ports/logger.ts'
import { installationId } from '../../db/installation.ts'
import { openStore, type Store, type StoreOptions } from '../../db/store.ts'
import type { QueuePlace } from '../../jobs/backends/open.ts'
import { ownDatabase } from './own-database.ts'
import { preparedTar } from './prepared-store.ts'

/** A store and a queue, alone with themselves: for the tests of the engine and for the benchmarks. */
export interface Place {
  readonly store: Store
  readonly queue: QueuePlace
  /** How another process opens the same store; absent where there can be no other. */
  readonly storeOptions?: StoreOptions
  /** Loses every job. */
  wipeQueue(): Promise<void>
  close(): Promise<void>
}

/** Servers to stand on; the embedded engine needs none. */
export const POSTGRES = process.env.QUARTERDECK_TEST_POSTGRES
export const REDIS = process.env.QUARTERDECK_TEST_REDIS

/** In memory, or in a folder. */
export async function embeddedPlace(folder?: string): Promise<Place> {
  const options = folder === undefined ? { from: await preparedTar() } : { folder }
  const store = await openStore({ backend: 'pglite', ...options }, silentLogger)
  return {
    store,
    queue: 'store',
    wipeQueue: async () => void (await store.pglite?.exec('drop schema bullmq cascade')),
    close: () => store.close(),
  }
}

export async function postgresPlace(poolSize?: number): Promise<Place> {
  const database = await emptyDatabase()
  const storeOptions = { backend: 'postgres', url: database.url, poolSize } as const
  const store = await openStore(storeOptions, silentLogger)
  return {
    store,
    queue: 'store',
    storeOptions,
    wipeQueue: async () => void (await store.pool?.query('drop schema bullmq cascade')),
    async close() {
      await store.close()
      await database.drop()
    },
  }
}

/** The queue of a place on Redis. The server may be shared: it is our keys only that are lost and taken away. */
export async function onRedis(under: Place): Promise<Place> {
  const url = REDIS ?? ''
  const redis = new Redis(url)
  const prefix = `quarterdeck-${await installationId(under.store.db)}`
  const wipeQueue = async () => {
    const keys = await redis.keys(`${prefix}:*`)
    if (keys.length > 0) await redis.del(...keys)
  }
  return {
    ...under,
    queue: { url },
    wipeQueue,
    async close() {
      await wipeQueue()
      redis.disconnect()
      await under.close()
    },
  }
}

/** On the server that QUARTERDECK_TEST_POSTGRES names. */
export function emptyDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  if (!POSTGRES) throw new Error('QUARTERDECK_TEST_POSTGRES is not set')
  return ownDatabase(POSTGRES)
}
