import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Store } from '../store.ts'
import { headOf } from './seal.ts'

const lineSchema = z.object({
  seq: z.number().int().min(0),
  hash: z.string(),
  at: z.string(),
  /** The database was restored from a backup that ends here: heads after it, written before this line, are gone for a known reason. */
  restoredFrom: z.string().optional(),
})

export type Head = z.output<typeof lineSchema>

/**
 * Appends the newest seal to a file outside the database, when it moved: what was exported cannot be cut or rewritten unseen. Run it
 * each minute; ship the file to where the database's owner cannot write. Returns whether it moved.
 */
export async function exportHead(store: Store, file: string, now = new Date()): Promise<boolean> {
  const head = await headOf(store.db)
  const last = await lastHead(file)
  if (head.seq === 0 || (last && head.seq <= last.seq)) return false
  await append(file, { seq: head.seq, hash: head.hash, at: now.toISOString() })
  return true
}

/** Notes that the database was put back to an earlier state on purpose. */
export async function noteRestore(store: Store, file: string, restoredFrom: string, now = new Date()): Promise<void> {
  const { seq, hash } = await headOf(store.db)
  await append(file, { seq, hash, at: now.toISOString(), restoredFrom })
}

async function append(file: string, head: Head): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'a', 0o600)
  try {
    // On a line of its own also after a line that a crash cut off.
    await handle.appendFile(`\n${JSON.stringify(head)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Every exported head, oldest first. Lines that a crash cut off are passed over. */
export async function readHeads(file: string): Promise<Head[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return headsIn(text)
}

/** Some dozens of lines. */
const TAIL_BYTES = 16 * 1024

/** The newest exported head. The file only grows, by a line each half minute: read whole each time, a year of it would halt the program. */
async function lastHead(file: string): Promise<Head | undefined> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!handle) return undefined
  try {
    const { size } = await handle.stat()
    const start = Math.max(0, size - TAIL_BYTES)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(size - start), 0, size - start, start)
    const found = headsIn(buffer.toString('utf8', 0, bytesRead)).at(-1)
    return found ?? (start > 0 ? (await readHeads(file)).at(-1) : undefined)
  } finally {
    await handle.close()
  }
}

function headsIn(text: string): Head[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return []
    try {
      return [lineSchema.parse(JSON.parse(line))]
    } catch {
      return []
    }
  })
}
