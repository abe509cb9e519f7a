import { expect, test } from 'vitest'
import type { OperationId, PersonId, ThreadId } from '../../core/ids.ts'
import { audiencesOf } from '../../db/audiences.ts'
import { deliveriesOfThread } from '../../db/deliveries.ts'
import { openThread } from '../../db/threads.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'

describeOnStores('showing the card of an operation in one more thread', (store) => {
  const place = async (bridge: Bridge, surfaceKey: string) =>
    (await openThread(store().db, { surface: 'teams', surfaceKey, now: bridge.now })).id
  const shows = (bridge: Bridge, operationId: OperationId, threadId: ThreadId, who: string) =>
    bridge.door.show({ operationId, threadId, personId: who as PersonId }) // of this test's crew
  const there = (threadId: ThreadId) => deliveriesOfThread(store().db, threadId)

  test('it is live there, once, with buttons that count', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'sh-a', 'production', 3)
    const thread = await place(bridge, 'a:jonas')
    expect(await shows(bridge, id, thread, 'jonas')).toBe(true)
    expect(await shows(bridge, id, thread, 'jonas')).toBe(false)
    const [card, ...more] = await there(thread)
    expect(more).toEqual([])
    expect(card).toMatchObject({ surface: 'teams', operationId: id, card: await bridge.card(id) })
    const { planHash } = await bridge.operation(id)
    const click = {
      deliveryId: card?.id ?? ('none' as never),
      verb: 'approve' as const,
      payload: {},
      planHash,
      key: 'sh-a',
    }
    const account = { surface: 'teams', id: 't1' } as const
    expect(await bridge.door.click({ personId: 'jonas' as PersonId, account, click })).toMatchObject({ ok: true })
    await bridge.work(id)
    expect(await there(thread)).toMatchObject([{ final: true, card: { kind: 'result', tone: 'good' } }])
  })

  test('for who asked, who is asked for a yes and who could break the glass; nobody else', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'sh-b', 'production', 3)
    for (const [who, may] of Object.entries({
      mira: true,
      ann: true,
      sam: true,
      priya: false,
      lea: false,
      root: false,
    }))
      expect([who, await shows(bridge, id, await place(bridge, `b:${who}`), who)]).toEqual([who, may])
    await expect(shows(bridge, id, await place(bridge, 'b:gone'), 'gone')).rejects.toThrow('Gone is not active here')
    expect(await audiencesOf(store().db, id)).toHaveLength(3)
  })

  test('not where it was asked, and not when it is over', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'sh-c', 'production', 3)
    const { threadId } = await bridge.operation(id)
    expect(await shows(bridge, id, threadId, 'mira')).toBe(false)
    await bridge.click('jonas', id, 'reject', { reason: 'not now' })
    expect(await bridge.state(id)).toBe('rejected')
    const thread = await place(bridge, 'c:jonas')
    expect(await shows(bridge, id, thread, 'jonas')).toBe(false)
    expect(await there(thread)).toEqual([])
  })
})
