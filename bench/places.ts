import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'
import { silentLogger } from '../core/ports/logger.ts'
import { installationId } from '../db/installation.ts'
import { openStore, type Store, type StoreOptions } from '../db/store.ts'
import type { QueuePlace } from '../jobs/backends/open.ts'

/** Servers to measure on; the embedded engine needs none. */
const POSTGRES = process.env.QUARTERDECK_TEST_POSTGRES
const REDIS = process.env.QUARTERDECK_TEST_REDIS

/** An empty store of the kind a real program has, and the queue that goes with it. */
export interface Place {
  readonly store: Store
  readonly storeOptions: StoreOptions
  readonly queue: QueuePlace
  close(): Promise<void>
}

export const PLACES: readonly { name: string; missing: string | undefined; open: () => Promise<Place> }[] = [
  { name: 'embedded', missing: undefined, open: embedded },
  { name: 'postgres', missing: POSTGRES ? undefined : 'QUARTERDECK_TEST_POSTGRES is not set', open: onPostgres },
  {
    name: 'redis',
    missing: POSTGRES && REDIS ? undefined : 'QUARTERDECK_TEST_POSTGRES and QUARTERDECK_TEST_REDIS are not both set',
    open: onRedis,
  },
]

async function embedded(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-bench-'))
  const storeOptions = { backend: 'pglite', folder } as const
  const store = await openStore(storeOptions, silentLogger)
  return {
    store,
    storeOptions,
    queue: 'store',
    async close() {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function onPostgres(): Promise<Place> {
  const database = await emptyDatabase()
  const storeOptions = { backend: 'postgres', url: database.url } as const
  const store = await openStore(storeOptions, silentLogger)
  return {
    store,
    storeOptions,
    queue: 'store',
    async close() {
      await store.close()
      await database.drop()
    },
  }
}

async function onRedis(): Promise<Place> {
  const under = await onPostgres()
  const url = REDIS ?? ''
  const prefix = `quarterdeck-${await installationId(under.store.db)}`
  return {
    ...under,
    queue: { url },
    async close() {
      const redis = new Redis(url)
      const keys = await redis.keys(`${prefix}:*`)
      if (keys.length > 0) await redis.del(...keys)
      redis.disconnect()
      await under.close()
    },
  }
}

/** A database of its own on the server, so that nothing else's rows are in the way. */
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `quarterdeck_bench_${process.pid}_${Math.random().toString(36).slice(2, 8)}`
  const admin = new pg.Client(POSTGRES)
  await admin.connect()
  await admin.query(`create database ${name}`)
  const url = new URL(POSTGRES ?? '')
  url.pathname = `/${name}`
  return {
    url: url.href,
    async drop() {
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}

/** So many at once, each lane one after the other. Resolves with the seconds it took. */
export async function inLanes(lanes: number, count: number, work: (index: number) => Promise<void>): Promise<number> {
  let next = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (next < count) {
        const index = next
        next += 1
        await work(index)
      }
    }),
  )
  return (performance.now() - started) / 1000
}
