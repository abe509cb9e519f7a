import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'

/** How the database answers the queries that `ask` makes: by which indexes, and with `analyze` how often each was looked into. */
export async function plansOf(
  db: Database,
  ask: (db: Database) => Promise<unknown>,
  how: '' | 'analyze' = '',
): Promise<string> {
  const asked: SQL[] = []
  // drizzle prepares every query through its session; what it is given is the finished statement.
  const { session } = db._ as unknown as { session: { prepareQuery: (...given: unknown[]) => unknown } }
  const prepare = session.prepareQuery
  session.prepareQuery = function (query, ...rest) {
    const { sql: text, params } = query as { sql: string; params: readonly unknown[] }
    asked.push(sql.raw(text.replace(/\$(\d+)/g, (_, at) => `'${String(params[Number(at) - 1])}'`)))
    return prepare.call(this, query, ...rest)
  }
  await ask(db).finally(() => {
    session.prepareQuery = prepare
  })
  const plans: string[] = []
  for (const statement of asked) {
    const { rows } = await db.execute<{ 'QUERY PLAN': string }>(sql`explain ${sql.raw(how)} ${statement}`)
    plans.push(...rows.map((row) => row['QUERY PLAN']))
  }
  return plans.join('\n')
}
