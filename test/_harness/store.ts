import { afterAll, beforeAll, describe } from 'vitest'
import { silentLogger } from '../../core/ports/logger.ts'
import { openStore, type Store } from '../../db/store.ts'
import { backendUnderTest } from './backend.ts'
import { ownDatabase } from './own-database.ts'
import { preparedTar } from './prepared-store.ts'

/** Set to a PostgreSQL server's URL, the parts of the suite that need one run against private databases on it. */
export const TEST_POSTGRES = process.env.QUARTERDECK_TEST_POSTGRES

/** An empty database with a name of its own; `drop` removes it, connections and all. */
export async function privateDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  if (!TEST_POSTGRES) throw new Error('QUARTERDECK_TEST_POSTGRES is not set')
  return ownDatabase(TEST_POSTGRES)
}

/** A store in memory, as after its first start. */
export async function memoryStore(): Promise<Store> {
  return openStore({ backend: 'pglite', from: await preparedTar() }, silentLogger)
}

async function openAlone(backend: 'pglite' | 'postgres'): Promise<{ store: Store; close: () => Promise<void> }> {
  if (backend === 'pglite') {
    const store = await memoryStore()
    return { store, close: () => store.close() }
  }
  const { url, drop } = await privateDatabase()
  const store = await openStore({ backend, url, poolSize: 5 }, silentLogger)
  return { store, close: () => store.close().finally(drop) }
}

/** One store for all tests of the file or block that calls this. */
function oneStore(backend: 'pglite' | 'postgres'): () => Store {
  let alone: Awaited<ReturnType<typeof openAlone>> | undefined
  beforeAll(async () => {
    alone = await openAlone(backend)
  })
  afterAll(() => alone?.close())
  return () => {
    if (!alone) throw new Error('the store is not open yet')
    return alone.store
  }
}

/** The kind of store that the backend under test has. */
const kindUnderTest = () => (backendUnderTest() === 'pglite' ? 'pglite' : 'postgres')

/** A store of the backend under test, alone with itself; `close` leaves nothing of it. */
export const openStoreUnderTest = () => openAlone(kindUnderTest())

/** One store of the backend under test for all tests of the file or block that calls this, so tests use names of their own. */
export const useStore = (): (() => Store) => oneStore(kindUnderTest())

/**
 * The same tests on both stores: PGlite in memory, and PostgreSQL when QUARTERDECK_TEST_POSTGRES names a server; in a run for a server's sake
 * on PostgreSQL only. One store is shared by the tests of the block, so tests use names of their own.
 */
export function describeOnStores(title: string, tests: (store: () => Store) => void): void {
  const backends = kindUnderTest() === 'pglite' ? (['pglite', 'postgres'] as const) : (['postgres'] as const)
  for (const backend of backends) {
    const skip = backend === 'postgres' && !TEST_POSTGRES
    if (skip) console.warn(`SKIPPED on PostgreSQL (QUARTERDECK_TEST_POSTGRES is not set): ${title}`)
    describe.skipIf(skip)(`${title} on ${backend}`, () => tests(oneStore(backend)))
  }
}
