import type { PgSession } from 'drizzle-orm/pg-core'
import type { Database, Transaction } from './database.ts'
import { isRetryable, translated } from './errors.ts'

const ATTEMPTS = 5

/** `transaction` of the store: again on a serialization failure or a deadlock, errors in the house's words. */
export function transactionOf(db: Database) {
  return async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await db.transaction(work)
      } catch (error) {
        if (attempt >= ATTEMPTS || !isRetryable(error)) throw translated(error)
        // Full jitter, so that two that collided do not collide again.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt))
      }
    }
  }
}

/** Makes queries outside transactions fail in the house's words too. */
export function speakPlainly(db: Database): void {
  // drizzle keeps its session in the `_` of every database object and prepares every query through it.
  const { session } = db._ as unknown as { session: PgSession }
  const prepare = session.prepareQuery.bind(session)
  session.prepareQuery = (...query) => {
    const prepared = prepare(...query)
    const execute = prepared.execute.bind(prepared)
    prepared.execute = async (values) => {
      try {
        return await execute(values)
      } catch (error) {
        throw translated(error)
      }
    }
    return prepared
  }
}
