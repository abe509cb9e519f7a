import { drizzle } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import { UpstreamError } from '../../core/errors.ts'
import type { Database, Transaction } from '../database.ts'
import { translated } from '../errors.ts'

/**
 * Transactions on connections of a pool. Not drizzle's own on a pool: where the connection breaks at BEGIN it never gives it back, so that
 * twenty such moments leave a program without a store until it is restarted; and one whose server became a read-only standby goes back
 * among the good ones.
 */
export function transactOn(pool: pg.Pool) {
  const handles = new WeakMap<pg.PoolClient, Database>()

  function handleOf(client: pg.PoolClient): Database {
    // As in openPostgres: the handles of both drivers have `rows`, which is all that RowsResult promises.
    const handle = handles.get(client) ?? (drizzle({ client }) as unknown as Database)
    handles.set(client, handle)
    return handle
  }

  return async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    let isDoubtful = false
    try {
      return await handleOf(client).transaction(work)
    } catch (error) {
      isDoubtful = translated(error) instanceof UpstreamError
      throw error
    } finally {
      client.release(isDoubtful)
    }
  }
}
