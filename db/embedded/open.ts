import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import type { Logger } from '../../core/ports/logger.ts'
import { HEADS_FILE, recordRestore } from '../audit-chain/record-restore.ts'
import type { Database } from '../database.ts'
import { speakPlainly, transactionOf } from '../handle.ts'
import { migrate, readMigrations } from '../migrate.ts'
import type { SchemaChange, Store, StoreOptions } from '../store.ts'
import { writeTogether } from '../together.ts'
import { ENGINE_OPTIONS } from './engine-options.ts'
import { type EmbeddedHouse, openHouse } from './house.ts'
import { forgetRowArrays } from './parsers.ts'
import { keepPrepared } from './prepared.ts'

export async function openEmbedded(
  options: Extract<StoreOptions, { backend: 'pglite' }>,
  log: Logger,
  may: SchemaChange,
): Promise<Store> {
  const house = options.folder === undefined ? undefined : await openHouse(options.folder, log)
  try {
    const pglite = house ? house.pglite : await PGlite.create({ ...ENGINE_OPTIONS, loadDataDir: options.from })
    const store = await storeOn(pglite, house, log, may)
    if (house?.restoredFrom) await recordRestore(store, join(house.folder, HEADS_FILE), house.restoredFrom)
    return store
  } catch (error) {
    await house?.close()
    throw error
  }
}

async function storeOn(
  pglite: PGlite,
  house: EmbeddedHouse | undefined,
  log: Logger,
  may: SchemaChange,
): Promise<Store> {
  await forgetRowArrays(pglite)
  // The two handles differ only in what raw results are called; both have `rows`, which is all that RowsResult promises.
  const db = drizzle({ client: pglite }) as unknown as Database
  speakPlainly(db)
  const transaction = transactionOf((work) => db.transaction(work))
  const migrations = await readMigrations()
  const applied = await transaction((tx) => migrate(tx, migrations, may))
  keepPrepared(pglite)
  if (applied.length) log.info({ applied }, 'the database schema was brought up to date')
  return {
    backend: 'pglite',
    db,
    pglite,
    house,
    transaction,
    together: writeTogether(db),
    listen: (topic, hear) => pglite.listen(`quarterdeck_${topic}`, hear),
    async close() {
      if (house) await house.close()
      else await pglite.close()
    },
  }
}
