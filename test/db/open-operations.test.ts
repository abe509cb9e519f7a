import { type SQL, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { approvedOperations, listOperations } from '../../db/operations.ts'
import { describeOnStores } from '../_harness/store.ts'

const ENDED = 3_000

/** What the database would do for the queries that `ask` makes, without doing it. */
async function plansOf(db: Database, ask: (db: Database) => Promise<unknown>): Promise<string> {
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
    const { rows } = await db.execute<{ 'QUERY PLAN': string }>(sql`explain ${statement}`)
    plans.push(...rows.map((row) => row['QUERY PLAN']))
  }
  return plans.join('\n')
}

describeOnStores('operations that are not over, among many that are', (store) => {
  test('are found by their own index: a halt, a page and "approvals" do not read all that ever happened', async () => {
    const { db } = store()
    await db.execute(sql`
      insert into quarterdeck.operations (id, request_id, thread_id, person_id, said, read_by, confidence, skill, skill_version,
        state, gate, created_at, finished_at)
      select 'op-many' || n, 'rq-many' || n, 'th-many', 'mira', 'scale', 'command', 1, 'scale', 1,
        case when n <= 3 then (array['approved', 'awaiting_approval', 'needs_human'])[n] else 'succeeded' end, '{}'::jsonb,
        now() - n * interval '1 minute', case when n <= 3 then null else now() end
      from generate_series(1, ${ENDED}::integer) as n`)
    await db.execute(sql`analyze quarterdeck.operations`)
    const limit = 200
    for (const ask of [
      (on: Database) => approvedOperations(on),
      (on: Database) => listOperations(on, { states: ['awaiting_approval'], limit }),
      (on: Database) => listOperations(on, { states: ['planned', 'approved', 'needs_human'], limit }),
    ]) {
      const plan = await plansOf(db, ask)
      expect(plan).toContain('operations_open_index')
      expect(plan).not.toContain('operations_created_at_index')
    }
    expect(await approvedOperations(db)).toEqual(['op-many1'])
    const open = await listOperations(db, { states: ['awaiting_approval', 'needs_human'], limit })
    expect(open.map(({ id }) => id)).toEqual(['op-many2', 'op-many3'])
    expect(await listOperations(db, { states: ['needs_human', 'succeeded'], limit: 5 })).toHaveLength(5)
  })
})
