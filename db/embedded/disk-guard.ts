import { statfsSync } from 'node:fs'
import type { PGlite } from '@electric-sql/pglite'
import type { Logger } from '../../core/ports/logger.ts'
import { diskFull } from '../errors.ts'

/**
 * PGlite answers a full disk with an error while it extends a table, but it must not meet one while it begins a new 16 MiB segment of its
 * log: it then loops for ever and takes the whole process with it (seen with 0.5.16). So writes stop while there is still room for some.
 */
export const LEAST_FREE_BYTES = 64 * 1024 * 1024
const LOOK_EVERY_MS = 100

/** What may pass while the disk is full: our own reads, so that the page and the cards stay readable, and the hints. */
const READS = /^\s*(?:select\b(?![\s\S]*\bfor update\b)[\s\S]*\bquarterdeck\b|(?:un)?listen\b)/i

const freeBytesOf = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/**
 * Makes an engine refuse writes (UpstreamError, retryable) while its disk is nearly full. It looks before a write, at most ten times a
 * second, and not by a timer: a busy engine, which is what fills disks, lets no timer run.
 */
export function guardDisk(pglite: PGlite, folder: string, log: Logger, freeBytes = freeBytesOf): void {
  let wasFull = false
  let lookedAtMs = Number.NEGATIVE_INFINITY
  const isFull = () => {
    if (performance.now() - lookedAtMs < LOOK_EVERY_MS) return wasFull
    lookedAtMs = performance.now()
    const free = freeBytes(folder)
    const full = free < LEAST_FREE_BYTES
    if (full && !wasFull) log.error({ folder, free }, 'the disk is full: nothing more is stored until there is room')
    if (!full && wasFull) log.info({ folder, free }, 'there is room on the disk again')
    wasFull = full
    return full
  }

  // The three ways in that everybody uses: drizzle, the queue's pool, and we. `bind` loses their type parameters.
  const query = pglite.query.bind(pglite) as PGlite['query']
  const exec = pglite.exec.bind(pglite)
  const transaction = pglite.transaction.bind(pglite) as PGlite['transaction']
  const refused = () => Promise.reject<never>(diskFull(undefined))
  pglite.query = (text, ...rest) => (!READS.test(text) && isFull() ? refused() : query(text, ...rest))
  pglite.exec = (text, ...rest) => (isFull() ? refused() : exec(text, ...rest))
  pglite.transaction = (work) => (isFull() ? refused() : transaction(work))
}
