import { Redis } from 'ioredis'
import pg from 'pg'
import { silentLogger } from '../../core/ports/logger.ts'
import { installationId } from '../../db/installation.ts'
import { openStore, type Store, type StoreOptions } from '../../db/store.ts'
import type { QueuePlace } from '../../jobs/backends/open.ts'

/** A store and a queue to try the engine on, alone with itself. */
export interface Place {
  readonly store: Store
  readonly queue: QueuePlace
  /** How another process opens the same store; absent where there can be no other. */
  readonly storeOptions?: StoreOptions
  /** Loses every job. */
  wipeQueue(): Promise<void>
  close(): Promise<void>
}

const POSTGRES = process.env.QUARTERDECK_TEST_POSTGRES
const REDIS = process.env.QUARTERDECK_TEST_REDIS

async function embedded(): Promise<Place> {
  const store = await openStore({ backend: 'pglite' }, silentLogger)
  return {
    store,
    queue: 'store',
    wipeQueue: async () => void (await store.pglite?.exec('drop schema bullmq cascade')),
    close: () => store.close(),
  }
}

async function ownDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `jobs_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
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

async function onPostgres(): Promise<Place> {
  const database = await ownDatabase()
  const storeOptions = { backend: 'postgres', url: database.url, poolSize: 8 } as const
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

/** PostgreSQL for the store where there is one, for that is how Redis is used. */
async function onRedis(): Promise<Place> {
  const under = POSTGRES ? await onPostgres() : await embedded()
  const redis = new Redis(REDIS ?? '')
  const prefix = `quarterdeck-${await installationId(under.store.db)}`
  // The server may be shared: lose our keys only.
  const wipeQueue = async () => {
    const keys = await redis.keys(`${prefix}:*`)
    if (keys.length > 0) await redis.del(...keys)
  }
  return {
    ...under,
    queue: { url: REDIS ?? '' },
    wipeQueue,
    async close() {
      await wipeQueue()
      redis.disconnect()
      await under.close()
    },
  }
}

/** The suite runs once for each backend and tries in each run only that one; alone, it tries all. */
const ONLY = process.env.QUARTERDECK_TEST_BACKEND?.replace('pglite', 'embedded')

function missingFor(name: string, server: string | undefined, variable: string): string | undefined {
  if (server || (ONLY !== undefined && ONLY !== name)) return undefined
  console.warn(`The engine is NOT tried on ${name}: set ${variable} to the address of a server.`)
  return variable
}

const ALL: readonly { name: string; missing: string | undefined; open: () => Promise<Place> }[] = [
  { name: 'embedded', missing: missingFor('embedded', 'this process', ''), open: embedded },
  { name: 'postgres', missing: missingFor('postgres', POSTGRES, 'QUARTERDECK_TEST_POSTGRES'), open: onPostgres },
  { name: 'redis', missing: missingFor('redis', REDIS, 'QUARTERDECK_TEST_REDIS'), open: onRedis },
]

/** Where the engine is tried in this run. A place whose server is not named is skipped, aloud. */
export const PLACES = ALL.filter(({ name }) => ONLY === undefined || ONLY === name)
