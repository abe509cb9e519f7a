import type { SQL } from 'drizzle-orm'
import type { PgDialect, PgSession } from 'drizzle-orm/pg-core'
import type { Database, Queryable, Rows, Transaction } from './database.ts'
import { isRetryable, translated } from './errors.ts'

const ATTEMPTS = 5

/** Commits what `work` did, or nothing. */
type Transact = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>

/** `transaction` of the store: again on a serialization failure or a deadlock, errors in the house's words. */
export function transactionOf(transact: Transact): Transact {
  return async (work) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await transact(work)
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

/**
 * Runs a statement that each connection keeps prepared under this name: for the few that are long and come all the time, because to parse
 * and plan them takes as long as to run them. Its text must always be the same, and the columns it returns named in it, so that no
 * migration can change them under a prepared statement.
 */
export async function runPrepared<Row extends Record<string, unknown>>(
  db: Queryable,
  name: string,
  statement: SQL,
): Promise<Rows<Row>> {
  // As drizzle's own `execute`, which has no way to name what it runs.
  const { session, dialect } = db as unknown as { session: PgSession; dialect: PgDialect }
  const prepared = session.prepareQuery(dialect.sqlToQuery(statement), undefined, `quarterdeck_${name}`, false)
  return (await prepared.execute()) as Rows<Row> // both drivers return rows for raw SQL
}
