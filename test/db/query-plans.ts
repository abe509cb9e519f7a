import { type SQL, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/database.ts'

/**
 * How the database answers the queries that `ask` makes: by which indexes, and with `analyze` how often each was looked into. Within a
 * transaction, what was set for it counts.
 */
export async function plansOf(
  db: Database | Transaction,
  ask: (db: Database) => Promise<unknown>,
  how: '' | 'analyze' = '',
): Promise<string> {
  const asked: SQL[] = []
  // drizzle prepares every query through its session; what it is given is the finished statement.
  const { session } = db._ as unknown as { session: { prepareQuery: (...given: unknown[]) => unknown } }
  const prepare = session.prepareQuery
  session.prepareQuery = function (query, ...rest) {
    const { sql: text, params } = query as { sql: string; params: readonly unknown[] }
    // Settings of a transaction have no plan.
    if (!/^\s*set /.test(text))
      asked.push(sql.raw(text.replace(/\$(\d+)/g, (_, at) => `'${String(params[Number(at) - 1])}'`)))
    return prepare.call(this, query, ...rest)
  }
  // To ask it, a transaction is as good.
  await ask(db as Database).finally(() => {
    session.prepareQuery = prepare
  })
  const plans: string[] = []
  for (const statement of asked) {
    const { rows } = await db.execute<{ 'QUERY PLAN': string }>(sql`explain ${sql.raw(how)} ${statement}`)
    plans.push(...rows.map((row) => row['QUERY PLAN']))
  }
  return plans.join('\n')
}
