import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandboxProcess } from '../../../clients/sandbox/process.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { readMigrations } from '../../../db/migrate.ts'
import { openStore } from '../../../db/store.ts'
import { openQueue } from '../../../jobs/backends/open.ts'
import { sabotageHere } from '../sabotage.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PACKAGES = join(ROOT, 'package.json')
const SANDBOX = join(ROOT, 'sandbox')
/** A queue in the store wants none of its own. */
const NO_CONNECTIONS = 0

/**
 * Lays into `folder` what `make` makes. It is made once on a machine for each `name`, each schema, each set of packages and each version of
 * the `sources`, and copied from then on: making an embedded store takes longer than most of what is proved on it.
 */
export async function layOutPrepared(
  folder: string,
  name: string,
  make: (folder: string) => Promise<void>,
  sources: readonly string[] = [],
): Promise<void> {
  const hash = createHash('sha256').update(readFileSync(PACKAGES))
  for (const migration of await readMigrations()) hash.update(migration.hash)
  for (const source of sources) hash.update(readFileSync(source))
  const place = join(tmpdir(), `quarterdeck-prove-${name}-${hash.digest('hex').slice(0, 16)}`)
  if (!existsSync(place)) {
    // A process with a fault in it leaves nothing to others.
    if (sabotageHere()) return make(folder)
    const beside = mkdtempSync(`${place}-`)
    await make(beside)
    try {
      renameSync(beside, place)
    } catch (error) {
      rmSync(beside, { recursive: true })
      // Unless somebody else was first.
      if (!existsSync(place)) throw error
    }
  }
  cpSync(place, folder, { recursive: true })
}

/** A data folder with an empty embedded store in it, and the queue's schema. */
export const layOutEmpty = (folder: string): Promise<void> =>
  layOutPrepared(folder, 'empty', async (made) => {
    const store = await openStore({ backend: 'pglite', folder: made }, silentLogger)
    await (await openQueue('store', store, NO_CONNECTIONS)).close()
    await store.close()
  })

/** A folder for a sandbox whose shop has stood for two weeks; to live through them takes it longer than all else that it does here. */
export async function layOutShop(folder: string): Promise<void> {
  const files = readdirSync(SANDBOX, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const sources = files.map((file) => join(file.parentPath, file.name)).sort()
  const make = async (made: string) => {
    const sandbox = await startSandboxProcess({ folder: made, seed: 1, speed: 1, port: 0, log: silentLogger })
    await sandbox.close()
    rmSync(sandbox.kubeconfig)
  }
  await layOutPrepared(folder, 'shop', make, sources)
}
