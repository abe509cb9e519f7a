import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { silentLogger } from '../../../core/ports/logger.ts'
import { readMigrations } from '../../../db/migrate.ts'
import { openStore } from '../../../db/store.ts'
import { openQueue } from '../../../jobs/backends/open.ts'
import { sabotageHere } from '../sabotage.ts'

const PACKAGES = join(import.meta.dirname, '../../../package.json')
/** A queue in the store wants none of its own. */
const NO_CONNECTIONS = 0

/**
 * Lays an empty embedded store into `folder`, which need not be there. It is made once for each schema and each engine and copied from then on,
 * because making one takes longer than most of what is proved on it.
 */
export async function layOutEmpty(folder: string): Promise<void> {
  const made = await preparedStore()
  if (made) cpSync(made, folder, { recursive: true })
}

/** Where it lies, made when there is none; undefined in a process with a fault in it, which must leave none to others. */
export async function preparedStore(): Promise<string | undefined> {
  const name = createHash('sha256').update(readFileSync(PACKAGES))
  for (const { hash } of await readMigrations()) name.update(hash)
  const place = join(tmpdir(), `quarterdeck-prove-store-${name.digest('hex').slice(0, 16)}`)
  if (existsSync(place)) return place
  if (sabotageHere()) return undefined
  const beside = mkdtempSync(`${place}-`)
  const store = await openStore({ backend: 'pglite', folder: beside }, silentLogger)
  await (await openQueue('store', store, NO_CONNECTIONS)).close()
  await store.close()
  try {
    renameSync(beside, place)
  } catch (error) {
    // Somebody else was first.
    rmSync(beside, { recursive: true })
    if (!existsSync(place)) throw new Error(`No store could be left in ${dirname(place)}: ${error}`)
  }
  return place
}
