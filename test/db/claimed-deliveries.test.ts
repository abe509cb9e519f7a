import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { releaseDeliveries } from '../../db/due-deliveries.ts'
import { describeOnStores } from '../_harness/store.ts'
import { plansOf } from './query-plans.ts'

describeOnStores('what a sender has claimed, among many cards that were shown', (store) => {
  test('is found by the index of what is due: when the store is back, no sender reads all cards there are', async () => {
    const { db } = store()
    await db.execute(sql`
      insert into quarterdeck.deliveries (id, surface, thread_id, key, card, revision, sent_revision, lease_owner)
      select 'dl-many' || n, 'web', 'th-many', 'many:' || n, '{}'::jsonb, 2, case when n <= 2 then 1 else 2 end,
        case when n <= 2 then 'sender-' || n end
      from generate_series(1, 3000) as n`)
    await db.execute(sql`analyze quarterdeck.deliveries`)
    expect(await plansOf(db, (on) => releaseDeliveries(on, 'sender-1'))).toContain('deliveries_due_index')
    const { rows } = await db.execute(sql`select id from quarterdeck.deliveries where lease_owner is not null`)
    expect(rows).toEqual([{ id: 'dl-many2' }])
  })
})
