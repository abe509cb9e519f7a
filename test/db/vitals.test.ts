import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { putDelivery } from '../../db/deliveries.ts'
import { markSendFailed } from '../../db/due-deliveries.ts'
import { openThread } from '../../db/threads.ts'
import { readVitals } from '../../db/vitals.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from '../operations/bridge.ts'

describeOnStores('what waits in the store', (store) => {
  test('is counted with its age; a card that nobody will take does not hide how the others fare', async () => {
    const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
    const thread = await openThread(store().db, { surface: 'slack', surfaceKey: 'vitals', now: ago(900) })
    const put = (key: string, seconds: number) => {
      const card = { kind: 'notice', tone: 'neutral', title: key, blocks: [] } as const
      const delivery = { key, surface: 'slack', threadId: thread.id, card, now: ago(seconds) } as const
      return store().transaction((tx) => putDelivery(tx, delivery))
    }
    const gone = await put('vitals-gone', 800)
    const slow = await put('vitals-slow', 60)
    await put('vitals-new', 5)
    const later = (seconds: number) => new Date(Date.now() + seconds * 1000)
    const refused = { error: 'channel_not_found', nextAt: later(3_600), refusedSince: ago(700) }
    await markSendFailed(store().db, { id: gone.id, ...refused })
    const lost = await put('vitals-lost', 890)
    await markSendFailed(store().db, { id: lost.id, ...refused, givenUpAt: ago(1) })
    await markSendFailed(store().db, { id: slow.id, error: 'HTTP 503', nextAt: later(30) })
    await store().db.execute(sql`insert into quarterdeck.outbox (kind, due_at) values
      ('advance', now() - interval '40 seconds'), ('remind', now() + interval '1 hour')`)
    const { cards, work, operations, unsealed } = await readVitals(store())
    const slack = cards.find(({ surface }) => surface === 'slack')
    expect(slack).toMatchObject({ due: 3, refused: 1 })
    expect(slack?.oldestSeconds).toBeGreaterThan(59)
    expect(slack?.oldestSeconds).toBeLessThan(700)
    expect(work).toMatchObject({ due: 1, notInQueue: 1 })
    expect(work.oldestSeconds).toBeGreaterThan(39)
    expect(operations).toEqual([])
    expect(unsealed).toEqual({ rows: 0, oldestSeconds: 0 })
  })

  test('work that a worker has in hand does not wait, however long its run watches a rollout', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'vi-a', 'dev', 3)
    await store().db.execute(
      sql`update quarterdeck.outbox set due_at = now() - interval '10 minutes' where operation_id = ${id}`,
    )
    const before = await readVitals(store())
    expect(before.work.oldestSeconds).toBeGreaterThan(500)
    await store().db.execute(sql`update quarterdeck.operations
      set state = 'running', fence = 1, lease_owner = 'w', lease_until = now() + interval '30 seconds' where id = ${id}`)
    const { work } = await readVitals(store())
    expect(work.due).toBe(before.work.due - 1)
    expect(work.oldestSeconds).toBeLessThan(500)
  })
})
