import { createHash, type Hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { UserError } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { HEADS_FILE, recordRestore } from '../audit-chain/record-restore.ts'
import { RESTORED } from '../embedded/house.ts'
import { lockFolder } from '../embedded/lock.ts'
import { readMigrations } from '../migrate.ts'
import { openStore, type Store, type StoreOptions, type Transaction } from '../store.ts'
import { type BackupHeader, type Digests, readBackup } from '../transfer/backup-file.ts'
import {
  beginReading,
  type Digest,
  digestOf,
  raiseCounters,
  requireEmpty,
  tableNames,
  writeRows,
} from '../transfer/tables.ts'

export interface RestoreOptions {
  readonly file: string
  /** Embedded only: what is in the data folder is moved aside, not deleted. */
  readonly replace?: boolean
  /** The audit's exported heads; a note in it tells a restore from a cut. */
  readonly headsFile?: string
}

/**
 * `npm run restore -- FILE [--replace]`: puts a backup into an empty database, in one transaction, and compares every table with what was
 * backed up. Throws UserError when the database holds something, is in use, or the file is not whole; nothing is changed then.
 */
export async function restore(options: StoreOptions, log: Logger, wish: RestoreOptions): Promise<string> {
  const file = resolve(wish.file)
  if (!existsSync(file)) throw new UserError(`There is no file ${file}: name the backup to restore.`)
  await requireWhole(file)
  return wish.replace ? replace(options, log, wish, file) : put(options, log, wish, file)
}

/**
 * The restored store is made whole beside the one that is there and then put in its place: whoever is killed in between leaves the old one or
 * the new one, and never an empty one that would be taken for the store at the next start.
 */
async function replace(options: StoreOptions, log: Logger, wish: RestoreOptions, file: string): Promise<string> {
  if (options.backend !== 'pglite' || options.folder === undefined)
    throw new UserError('--replace is for the embedded store; for PostgreSQL, name a new empty database in store.url.')
  const { folder } = options
  const place = join(folder, 'pglite')
  const beside = join(folder, 'restoring')
  const lock = await lockFolder(folder)
  try {
    for (const left of [beside, `${place}${RESTORED}`]) await rm(left, { recursive: true, force: true })
    const headsFile = wish.headsFile ?? join(folder, HEADS_FILE)
    const says = await put({ backend: 'pglite', folder: beside }, log, { ...wish, headsFile }, file)
    await rename(join(beside, 'pglite'), `${place}${RESTORED}`)
    const stamp = new Date().toISOString().replaceAll(':', '')
    const aside = [join(folder, 'snapshots'), place]
      .filter((was) => existsSync(was))
      .map((was) => ({ was, now: `${was}.replaced-${stamp}` }))
    for (const { was, now } of aside) await rename(was, now)
    await rename(`${place}${RESTORED}`, place)
    return [says, ...aside.map(({ now }) => `What was there before is in ${now}.`)].join(' ')
  } finally {
    await rm(beside, { recursive: true, force: true })
    lock.release()
  }
}

async function put(options: StoreOptions, log: Logger, wish: RestoreOptions, file: string): Promise<string> {
  const store = await openStore(options, log, 'create')
  try {
    const rows = await store.transaction((tx) => fill(tx, file))
    const folder = options.backend === 'pglite' ? options.folder : undefined
    const headsFile = wish.headsFile ?? (folder && join(folder, HEADS_FILE))
    if (headsFile) await recordRestore(store, headsFile, file)
    return `Restored ${rows} rows from ${file}.`
  } catch (error) {
    throw isNotEmpty(error, store)
      ? new UserError(`${error.message} Or say --replace to move what is there aside.`)
      : error
  } finally {
    await store.close()
  }
}

function isNotEmpty(error: unknown, store: Store): error is UserError {
  return error instanceof UserError && store.backend === 'pglite' && error.message.includes('is not empty')
}

/** Reads it once to its end before anything is touched, least of all what is there now: a backup may have been harmed where it lay. */
async function requireWhole(file: string): Promise<void> {
  const found = new Map<string, { rows: number; hash: Hash }>()
  for await (const part of readBackup(file)) {
    if (part.kind === 'header') await requireKnown(part.header, file)
    if (part.kind === 'rows') {
      const { rows, hash } = found.get(part.table) ?? { rows: 0, hash: createHash('sha256') }
      for (const row of part.rows) hash.update(row).update('\n')
      found.set(part.table, { rows: rows + part.rows.length, hash })
    }
    if (part.kind === 'end')
      for (const [table, wanted] of Object.entries(part.digests)) {
        const { rows, hash } = found.get(table) ?? { rows: 0, hash: createHash('sha256') }
        if (rows !== wanted.rows || hash.digest('hex') !== wanted.sha256)
          throw notWhatWasBackedUp(table, file, rows, wanted)
      }
  }
}

function notWhatWasBackedUp(table: string, file: string, rows: number, wanted: Digest): UserError {
  return new UserError(
    `The table ${table} of ${file} is not what was backed up (${rows} rows of ${wanted.rows}, or changed): nothing was restored.`,
  )
}

async function requireKnown(header: BackupHeader, file: string): Promise<void> {
  const known = (await readMigrations()).at(-1)?.name
  // Rows are written as they are: a backup of another schema is brought up to date by the release that took it.
  if (header.schema !== known)
    throw new UserError(
      `${file} was taken from a database of another release (schema ${header.schema}, this one has ${known}): restore it with that release, then start this one.`,
    )
}

/** Writes everything and reads it again. */
async function fill(tx: Transaction, file: string): Promise<number> {
  await beginReading(tx)
  await requireEmpty(tx, 'The database')
  let expected: Digests = {}
  for await (const part of readBackup(file)) {
    if (part.kind === 'rows') await writeRows(tx, part.table, part.rows)
    if (part.kind === 'end') expected = part.digests
  }
  await raiseCounters(tx)
  let rows = 0
  for (const name of tableNames) {
    const digest = await digestOf(tx, name)
    const wanted = expected[name]
    if (wanted && (wanted.sha256 !== digest.sha256 || wanted.rows !== digest.rows))
      throw notWhatWasBackedUp(name, file, digest.rows, wanted)
    rows += digest.rows
  }
  return rows
}
