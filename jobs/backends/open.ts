import { installationId } from '../../db/installation.ts'
import type { Store } from '../../db/store.ts'
import type { QueueBackend } from './backend.ts'

/** Where the jobs live: in the store itself, or in a Redis (`redis://` or `rediss://`, secrets resolved). */
export type QueuePlace = 'store' | { readonly url: string }

/**
 * Opens BullMQ's backend and brings its schema up to date. A Redis that is away is not waited for.
 * Backends are imported late, so that a process loads only the one it uses.
 * @param connections for PostgreSQL: how many this process may hold for the queue, one of which listens
 */
export async function openQueue(place: QueuePlace, store: Store, connections: number): Promise<QueueBackend> {
  if (place !== 'store') {
    const prefix = `quarterdeck-${await installationId(store.db)}`
    return (await import('./redis.ts')).openRedisQueue(place.url, prefix)
  }
  if (store.pglite) return (await import('./embedded.ts')).openEmbeddedQueue(store.pglite)
  if (store.pool) return (await import('./postgres.ts')).openPostgresQueue(store.pool, connections)
  throw new Error('The store has neither PGlite nor a PostgreSQL pool, so the queue has nowhere to live.')
}
