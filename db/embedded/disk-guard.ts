import { statfs } from 'node:fs/promises'
import type { PGlite } from '@electric-sql/pglite'
import type { Logger } from '../../core/ports/logger.ts'
import { diskFull } from '../errors.ts'

/**
 * PGlite answers a full disk with an error while it extends a table, but it must not meet one while it begins a new 16 MiB segment of its
 * log: it then loops for ever and takes the whole process with it (seen with 0.5.16). So writes stop while there is still room for some.
 */
export const LEAST_FREE_BYTES = 64 * 1024 * 1024
const LOOK_EVERY_MS = 250

/** What may pass while the disk is full: our own reads, so that the page and the cards stay readable, and the hints. */
const READS = /^\s*(?:select\b(?![\s\S]*\bfor update\b)[\s\S]*\bquarterdeck\b|(?:un)?listen\b)/i

type FreeBytes = (folder: string) => Promise<number>

const freeBytesOf: FreeBytes = async (folder) => {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

export interface DiskGuard {
  stop(): void
}

/** Makes an engine refuse writes (UpstreamError, retryable) while its disk is nearly full. Looks four times a second. */
export async function guardDisk(
  pglite: PGlite,
  folder: string,
  log: Logger,
  freeBytes: FreeBytes = freeBytesOf,
): Promise<DiskGuard> {
  let full = false
  const look = async () => {
    const free = await freeBytes(folder).catch(() => Number.POSITIVE_INFINITY)
    const isFull = free < LEAST_FREE_BYTES
    if (isFull && !full) log.error({ folder, free }, 'the disk is full: nothing more is stored until there is room')
    if (!isFull && full) log.info({ folder, free }, 'there is room on the disk again')
    full = isFull
  }
  await look()
  const timer = setInterval(() => void look(), LOOK_EVERY_MS)
  timer.unref()

  // The three ways in that everybody uses: drizzle, the queue's pool, and we. `bind` loses their type parameters.
  const query = pglite.query.bind(pglite) as PGlite['query']
  const exec = pglite.exec.bind(pglite)
  const transaction = pglite.transaction.bind(pglite) as PGlite['transaction']
  const refused = () => Promise.reject<never>(diskFull(undefined))
  pglite.query = (text, ...rest) => (full && !READS.test(text) ? refused() : query(text, ...rest))
  pglite.exec = (text, ...rest) => (full ? refused() : exec(text, ...rest))
  pglite.transaction = (work) => (full ? refused() : transaction(work))
  return { stop: () => clearInterval(timer) }
}
