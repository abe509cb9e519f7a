import { afterAll, beforeAll, describe } from 'vitest'
import { silentLogger } from '../../core/ports/logger.ts'
import { openStore, type Store } from '../../db/store.ts'
import { ownDatabase } from './own-database.ts'

/** Set to a PostgreSQL server's URL, the parts of the suite that need one run against private databases on it. */
export const TEST_POSTGRES = process.env.QUARTERDECK_TEST_POSTGRES

/** An empty database with a name of its own; `drop` removes it, connections and all. */
export async function privateDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  if (!TEST_POSTGRES) throw new Error('QUARTERDECK_TEST_POSTGRES is not set')
  return ownDatabase(TEST_POSTGRES)
}

/**
 * The same tests on both backends: PGlite in memory always, PostgreSQL when QUARTERDECK_TEST_POSTGRES names a server. One store is shared
 * by the tests of the block, so tests use names of their own.
 */
export function describeOnStores(title: string, tests: (store: () => Store) => void): void {
  for (const backend of ['pglite', 'postgres'] as const) {
    const skip = backend === 'postgres' && !TEST_POSTGRES
    if (skip) console.warn(`SKIPPED on PostgreSQL (QUARTERDECK_TEST_POSTGRES is not set): ${title}`)
    describe.skipIf(skip)(`${title} on ${backend}`, () => {
      let store: Store | undefined
      let drop: (() => Promise<void>) | undefined
      beforeAll(async () => {
        if (backend === 'pglite') {
          store = await openStore({ backend }, silentLogger)
          return
        }
        const database = await privateDatabase()
        drop = database.drop
        store = await openStore({ backend, url: database.url, poolSize: 5 }, silentLogger)
      })
      afterAll(async () => {
        await store?.close()
        await drop?.()
      })
      tests(() => {
        if (!store) throw new Error('the store is not open yet')
        return store
      })
    })
  }
}
