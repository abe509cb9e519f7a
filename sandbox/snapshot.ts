import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { ObjectStore, StoreDump } from './store/object-store.ts'

interface Snapshot {
  format: 1
  /** Simulated milliseconds since 1970, so that time does not go back after a restart. */
  clockMs: number
  store: StoreDump
}

/** @returns undefined when there is no file yet. @throws Error with what to do when it cannot be used */
export function readSnapshot(path: string): Snapshot | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new Error(
      `The sandbox cannot read its snapshot ${path}: ${String(error)}. Fix the file's rights or name another.`,
    )
  }
  try {
    const snapshot: Snapshot = JSON.parse(text)
    if (snapshot.format === 1 && snapshot.store.objects) return snapshot
  } catch {
    // Told below, in one sentence for every kind of damage.
  }
  throw new Error(
    `The sandbox's snapshot ${path} is damaged or of another version; delete it to begin with a new cluster.`,
  )
}

/** Writes beside the file and renames, so that a crash leaves the old snapshot or the new one, never half of one. */
export function writeSnapshot(path: string, store: ObjectStore, clockMs: number): void {
  const snapshot: Snapshot = { format: 1, clockMs, store: store.dump() }
  const draft = `${path}.new`
  const file = openSync(draft, 'w')
  try {
    // Not writeSync, which writes a part where the disk is nearly full, and says so only in what it returns.
    writeFileSync(file, JSON.stringify(snapshot))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
}
