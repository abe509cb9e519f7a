import { openAsBlob } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../core/ports/logger.ts'
import { openStore } from '../../db/store.ts'

/**
 * An embedded store as it is after its first start. Making one costs a second or two of a core (PostgreSQL's initdb, the migrations), and a
 * run of the suite needs a hundred: it is made once, and the tests begin with copies. What the first start itself does is tried in
 * test/db/embedded/house.test.ts and wherever a program gets an empty folder.
 */

/** Where this run's is; set for the run by `setup`. Outside of one, as in the benchmarks, every store makes its own. */
const VARIABLE = 'QUARTERDECK_TEST_PREPARED_STORE'

/** Vitest calls it before the run, and what it returns after it. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-prepared-'))
  const store = await openStore({ backend: 'pglite', folder }, silentLogger)
  const tar = await store.pglite?.dumpDataDir('none')
  await store.close()
  if (!tar) throw new Error('an embedded store has its engine')
  await writeFile(join(folder, 'store.tar'), tar.stream())
  process.env[VARIABLE] = folder
  return () => rm(folder, { recursive: true, force: true })
}

/** To begin a store in memory with. */
export async function preparedTar(): Promise<Blob | undefined> {
  const folder = process.env[VARIABLE]
  return folder === undefined ? undefined : openAsBlob(join(folder, 'store.tar'))
}

/** Lays one into a data folder that has none yet. */
export async function layPreparedStore(dataFolder: string): Promise<void> {
  const folder = process.env[VARIABLE]
  if (folder === undefined) return
  await mkdir(dataFolder, { recursive: true })
  await cp(join(folder, 'pglite'), join(dataFolder, 'pglite'), { recursive: true, errorOnExist: true, force: false })
}
