import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { PersonId } from '../../core/ids.ts'
import type { Database } from '../../db/database.ts'
import { threadLines } from '../../db/thread-view.ts'
import { describeOnStores } from '../_harness/store.ts'
import { plansOf } from './query-plans.ts'

const THREADS = 3_000

describeOnStores('the list of conversations, among thousands of them', (store) => {
  test('looks into the newest and into those where something is open, not into all that ever were', async () => {
    const { db } = store()
    await db.execute(sql`
      insert into quarterdeck.threads (id, surface, surface_key, created_at, updated_at)
      select 'th-line' || n, 'web', 'web-line' || n, now() - n * interval '1 hour', now() - n * interval '1 hour'
      from generate_series(1, ${THREADS}::integer) as n`)
    await db.execute(sql`
      insert into quarterdeck.deliveries (id, key, surface, thread_id, card, next_at, created_at, updated_at)
      select 'dl-line' || n, 'line' || n, 'web', 'th-line' || n, '{}'::jsonb, now(), now() - n * interval '1 hour',
        case when n = 2900 then now() else now() - n * interval '1 hour' end
      from generate_series(1, ${THREADS}::integer) as n`)
    // Asked for months ago, put back by itself a moment ago, and still to be reviewed.
    await db.execute(sql`
      insert into quarterdeck.operations (id, request_id, thread_id, person_id, said, read_by, confidence, skill, skill_version,
        state, gate)
      values ('op-line', 'rq-line', 'th-line2900', 'mira', 'scale', 'command', 1, 'scale', 1, 'waiting', '{}'::jsonb)`)
    for (const table of ['threads', 'deliveries', 'operations'])
      await db.execute(sql.raw(`analyze quarterdeck.${table}`))

    const list = (on: Database) => threadLines(on, { surfaces: ['web', 'cli'], person: 'mira' as PersonId, limit: 100 })
    const lines = await list(db)
    expect(lines).toHaveLength(100)
    expect(lines[0]).toMatchObject({ key: 'web-line2900', open: 1 })
    expect(lines.slice(1, 4).map(({ key }) => key)).toEqual(['web-line1', 'web-line2', 'web-line3'])

    const plan = await plansOf(db, list, 'analyze')
    const looks = [...plan.matchAll(/on deliveries d .*loops=(\d+)/g)].map(([, loops]) => Number(loops))
    expect(looks.length).toBeGreaterThan(0)
    expect(Math.max(...looks)).toBeLessThan(1_000)
  })
})
