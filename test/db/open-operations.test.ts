import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { approvedOperations, listOperations } from '../../db/operations.ts'
import { describeOnStores } from '../_harness/store.ts'
import { plansOf } from './query-plans.ts'

const ENDED = 3_000

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
