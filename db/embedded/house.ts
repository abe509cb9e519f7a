import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { messageOf, UpstreamError } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { guardDisk } from './disk-guard.ts'
import { ENGINE_OPTIONS } from './engine-options.ts'
import { type FolderLock, lockFolder } from './lock.ts'
import { listSnapshots, readSnapshot, writeSnapshot } from './snapshots.ts'

/** The data folder of the embedded store: who holds it, the engine, the snapshots. */
export interface EmbeddedHouse {
  readonly folder: string
  readonly pglite: PGlite
  /** The snapshot it had to be restored from when it was opened. */
  readonly restoredFrom: string | undefined
  /** Writes the web address into the lock file, for command-line tools. */
  announce(address: string): void
  /** Writes a snapshot unless nothing changed since the last one; returns its path. Keeps the newest few. */
  snapshot(): Promise<string | undefined>
  close(): Promise<void>
}

const OPEN_TIMEOUT_MS = 60_000
/** After the database's name, that of a restored one which is whole and about to take its place. */
export const RESTORED = '.restored'

export async function openHouse(folder: string, log: Logger): Promise<EmbeddedHouse> {
  const lock = await lockFolder(folder)
  try {
    const opened = await openOrRestore(folder, log)
    guardDisk(opened.pglite, folder, log)
    return houseOf(folder, lock, opened)
  } catch (error) {
    lock.release()
    throw error
  }
}

interface Opened {
  readonly pglite: PGlite
  readonly restoredFrom: string | undefined
}

function houseOf(folder: string, lock: FolderLock, opened: Opened): EmbeddedHouse {
  const { pglite, restoredFrom } = opened
  let written: string | undefined
  let closing: Promise<void> | undefined
  return {
    folder,
    pglite,
    restoredFrom,
    announce: lock.announce,
    async snapshot() {
      const { rows } = await pglite.query<{ position: string }>('select pg_current_wal_insert_lsn()::text as position')
      const position = rows[0]?.position
      if (position !== undefined && position === written) return undefined
      const path = await writeSnapshot(folder, pglite)
      written = position
      return path
    },
    close() {
      closing ??= pglite.close().finally(lock.release)
      return closing
    },
  }
}

async function openOrRestore(folder: string, log: Logger): Promise<Opened> {
  const place = join(folder, 'pglite')
  try {
    if (existsSync(`${place}.initialising`)) await rm(place, { recursive: true, force: true })
    // Who restored was killed when the old one had gone and the new one had not come.
    if (!existsSync(place) && existsSync(`${place}${RESTORED}`)) await rename(`${place}${RESTORED}`, place)
    if (!existsSync(place)) {
      if ((await listSnapshots(folder)).length > 0) throw new Error('the database folder is gone')
      return { pglite: await createFresh(place), restoredFrom: undefined }
    }
    return { pglite: await openPlace(place), restoredFrom: undefined }
  } catch (error) {
    if (isFullDisk(error)) throw fullDisk(folder, error)
    return restore(folder, place, error, log)
  }
}

/** Marked while it lasts, so that a first start killed half-way is begun anew and not mistaken for a broken database. */
async function createFresh(place: string): Promise<PGlite> {
  const mark = `${place}.initialising`
  await writeFile(mark, '')
  const pglite = await openPlace(place)
  await rm(mark)
  return pglite
}

async function openPlace(place: string): Promise<PGlite> {
  const pglite = new PGlite({ ...ENGINE_OPTIONS, dataDir: place })
  const opened = pglite.waitReady.then(() => pglite.query('select count(*) from pg_class'))
  opened.catch(() => undefined)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not open within ${OPEN_TIMEOUT_MS / 1000} s`)), OPEN_TIMEOUT_MS)
  })
  try {
    await Promise.race([opened, late])
  } finally {
    clearTimeout(timer)
  }
  return pglite
}

async function restore(folder: string, place: string, why: unknown, log: Logger): Promise<Opened> {
  const snapshots = await listSnapshots(folder)
  const aside = `${place}.broken-${new Date().toISOString().replaceAll(':', '')}`
  for (const path of snapshots.toReversed()) {
    const beside = `${place}.new`
    try {
      await rm(beside, { recursive: true, force: true })
      const restored = await PGlite.create({
        ...ENGINE_OPTIONS,
        dataDir: beside,
        loadDataDir: await readSnapshot(path),
      })
      await restored.query('select count(*) from quarterdeck.migrations')
      await restored.close()
    } catch (error) {
      log.error({ snapshot: path, error: messageOf(error) }, 'a snapshot cannot be read; trying the one before it')
      continue
    }
    if (existsSync(place)) await rename(place, aside)
    await rename(beside, place)
    log.error(
      { folder, restoredFrom: path, broken: aside, why: messageOf(why) },
      'THE DATABASE COULD NOT BE OPENED AND WAS RESTORED FROM A SNAPSHOT: what happened after it is lost; look at the operations that were running, the broken folder is kept',
    )
    return { pglite: await openPlace(place), restoredFrom: path }
  }
  throw new UpstreamError(
    `The database in ${place} cannot be opened (${messageOf(why)}) and there is no snapshot to restore: put back a backup with "npm run restore -- FILE --replace", or move the folder away to start empty.`,
    { service: 'database', retryable: false, cause: why },
  )
}

function isFullDisk(error: unknown): boolean {
  return /ENOSPC|no space left/i.test(messageOf(error))
}

function fullDisk(folder: string, cause: unknown): UpstreamError {
  return new UpstreamError(
    `The disk that holds ${folder} is full: free some space, then start again. Nothing was lost.`,
    {
      service: 'database',
      retryable: true,
      cause,
    },
  )
}
