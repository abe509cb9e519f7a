import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { PGlite } from '@electric-sql/pglite'

const unzip = promisify(gunzip)

const KEEP = 5
const NAME = /^\d{8}T\d{9}Z\.tar\.gz$/

const folderOf = (dataFolder: string) => join(dataFolder, 'snapshots')

/** Paths of all snapshots, oldest first. */
export async function listSnapshots(dataFolder: string): Promise<readonly string[]> {
  const folder = folderOf(dataFolder)
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => join(folder, name))
}

/** Writes the whole database as one gzipped tar, seen under its name only once it is complete and on the disk. */
export async function writeSnapshot(dataFolder: string, pglite: PGlite, keep = KEEP): Promise<string> {
  const folder = folderOf(dataFolder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${new Date().toISOString().replaceAll(/[-:.]/g, '')}.tar.gz`)
  await writeWhole(path, await dump(pglite))
  for (const old of (await listSnapshots(dataFolder)).slice(0, -keep)) await rm(old, { force: true })
  return path
}

/** The database as a gzipped tar. PGlite checkpoints and holds its one session meanwhile. */
async function dump(pglite: PGlite): Promise<Uint8Array> {
  const file = await pglite.dumpDataDir('gzip')
  return new Uint8Array(await file.arrayBuffer())
}

/** Temporary name, fsync, rename: nobody ever sees half a file. */
async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const part = `${path}.part`
  const file = await open(part, 'w', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } catch (error) {
    await file.close()
    await rm(part, { force: true })
    throw error
  }
  await file.close()
  await rename(part, path)
}

/**
 * A snapshot as PGlite takes it. Unzipped here: for a file that was cut off, PGlite's own unzipping rejects where nobody can catch it,
 * which would end the process.
 */
export async function readSnapshot(path: string): Promise<Blob> {
  return new Blob([await unzip(await readFile(path))], { type: 'application/x-tar' })
}
