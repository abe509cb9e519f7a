import { afterEach, expect, test } from 'vitest'
import { plainText } from '../../core/card.ts'
import { newOperationId, type OperationId, type PersonId } from '../../core/ids.ts'
import { type DeliveryRow, deliveriesOfThread } from '../../db/deliveries.ts'
import { deliveries } from '../../db/schema/deliveries.ts'
import { subscriptions } from '../../db/schema/subscriptions.ts'
import { addSubscription, type Wish } from '../../db/subscriptions.ts'
import { threadById, threadByKey } from '../../db/threads.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'

describeOnStores('which channel hears of a change', (store) => {
  afterEach(async () => {
    await store().db.delete(subscriptions)
  })

  const subscribe = (bridge: Bridge, wish: Wish) =>
    store().transaction((tx) =>
      addSubscription(tx, { ...wish, by: 'mira' as PersonId, operation: newOperationId(), now: bridge.now }),
    )
  const threadIn = (channel: string, id: OperationId, surface: 'slack' | 'teams' = 'slack') =>
    threadByKey(store().db, surface, `${channel} ${id}`)
  const cardsIn = async (channel: string, id: OperationId, surface: 'slack' | 'teams' = 'slack') => {
    const thread = await threadIn(channel, id, surface)
    return thread ? deliveriesOfThread(store().db, thread.id) : []
  }
  /** The clock of these tests stands, so that keys tell the order: the operation's own card first. */
  const titles = (rows: readonly DeliveryRow[]) => {
    const isOwn = ({ key }: DeliveryRow) => key.startsWith('operation:')
    const sorted = rows.toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)) || (a.key > b.key ? -1 : 1))
    return sorted.map(({ card }) => card.title)
  }
  const channelsOf = async (id: OperationId) => {
    const rows = await store().db.select().from(deliveries)
    const places = rows.filter(({ operationId, key }) => operationId === id && key.startsWith('operation:'))
    const keys = await Promise.all(places.map(async (row) => (await threadById(store().db, row.threadId))?.surfaceKey))
    return keys.filter((key) => key?.includes(' ')).toSorted()
  }

  test('shows the card there as well, in a thread of its own, at the same revision to the end; clicks there count', async () => {
    const bridge = new Bridge(store())
    await subscribe(bridge, { surface: 'slack', channel: 'T1:C1', service: 'rt-a' })
    const id = await bridge.dial('jonas', 'rt-a', 'production', 3)
    const [there] = await cardsIn('T1:C1', id)
    expect(there?.card).toEqual(await bridge.card(id))
    expect(there).toMatchObject({ operationId: id, surface: 'slack' })
    const click = {
      deliveryId: there?.id ?? ('none' as never),
      verb: 'approve' as const,
      payload: {},
      planHash: (await bridge.operation(id)).planHash,
      key: 'rt-a-click',
    }
    const account = { surface: 'slack', id: 'U1' } as const
    expect(await bridge.door.click({ personId: 'ann' as PersonId, account, click })).toMatchObject({ ok: true })
    await bridge.work(id)
    const [after] = await cardsIn('T1:C1', id)
    expect(after?.card).toEqual(await bridge.card(id))
    expect(after).toMatchObject({ final: true, card: { kind: 'result', tone: 'good' } })
  })

  test('names who may approve, so that they are told', async () => {
    const bridge = new Bridge(store())
    await subscribe(bridge, { surface: 'slack', channel: 'C1', environment: 'production' })
    const id = await bridge.dial('mira', 'rt-b', 'production', 3)
    const [there] = await cardsIn('C1', id)
    const facts = there?.card.blocks.flatMap((block) => (block.type === 'facts' ? block.facts : []))
    expect(facts).toContainEqual({
      label: '0 of 1 approvals',
      value: [
        { person: 'jonas', name: 'Jonas' },
        ' or ',
        { person: 'ann', name: 'Ann' },
        ' may approve (rule “production changes”)',
      ],
    })
  })

  test('is asked for by service, by environment, by both or by neither', async () => {
    const bridge = new Bridge(store())
    await subscribe(bridge, { surface: 'slack', channel: 'Call' })
    await subscribe(bridge, { surface: 'slack', channel: 'Cservice', service: 'rt-c' })
    await subscribe(bridge, { surface: 'teams', channel: '19:env@thread.tacv2', environment: 'dev' })
    await subscribe(bridge, { surface: 'slack', channel: 'Cboth', service: 'rt-c', environment: 'staging' })
    const dev = await bridge.dial('mira', 'rt-c', 'dev', 2)
    expect(await channelsOf(dev)).toEqual([`19:env@thread.tacv2 ${dev}`, `Call ${dev}`, `Cservice ${dev}`])
    const staging = await bridge.dial('mira', 'rt-c', 'staging', 2)
    expect(await channelsOf(staging)).toEqual([`Call ${staging}`, `Cboth ${staging}`, `Cservice ${staging}`])
    const other = await bridge.dial('mira', 'rt-d', 'staging', 2)
    expect(await channelsOf(other)).toEqual([`Call ${other}`])
  })

  test('is neither the one it was asked in nor told twice, however its key is written', async () => {
    const bridge = new Bridge(store())
    await subscribe(bridge, { surface: 'slack', channel: 'C0SAME', service: 'rt-e' })
    await subscribe(bridge, { surface: 'slack', channel: 'T1:C0SAME' })
    const input = { service: 'rt-e', environment: 'dev', value: 2 }
    const here = await bridge.propose('mira', 'dial', input, {
      at: { surface: 'slack', surfaceKey: 'T1:C0SAME:1.2' },
    })
    expect(await channelsOf(here)).toEqual([])
    const next = await bridge.propose('mira', 'dial', input, {
      at: { surface: 'slack', surfaceKey: 'T1:C0SAMEDAY:1.2' },
    })
    expect(await channelsOf(next)).toEqual([`T1:C0SAME ${next}`])
    await subscribe(bridge, { surface: 'teams', channel: '19:x@thread.tacv2', service: 'rt-e' })
    const teams = await bridge.propose('mira', 'dial', input, {
      at: { surface: 'teams', surfaceKey: '19:x@thread.tacv2;messageid=17' },
    })
    expect(await channelsOf(teams)).toEqual([`T1:C0SAME ${teams}`])
  })

  test('hears of nothing that ends at once', async () => {
    const bridge = new Bridge(store())
    await subscribe(bridge, { surface: 'slack', channel: 'Call' })
    const input = { service: 'rt-f', environment: 'dev', value: 2 }
    expect(await channelsOf(await bridge.propose('mira', 'dial', input, { dryRun: true }))).toEqual([])
    const already = await bridge.dial('mira', 'rt-f', 'dev', 1)
    expect(await channelsOf(already)).toEqual([])
  })

  test('hears of an undo, and of a plan that was corrected to touch what it watches', async () => {
    const bridge = new Bridge(store())
    const id = await bridge.dial('mira', 'rt-g', 'dev', 2)
    await bridge.work(id)
    await subscribe(bridge, { surface: 'slack', channel: 'Cg', service: 'rt-g' })
    await bridge.click('mira', id, 'undo')
    const undo = (await bridge.operation(id)).undoneBy
    if (!undo) throw new Error('not undone')
    expect(await channelsOf(undo)).toEqual([`Cg ${undo}`])
    expect(await channelsOf(id)).toEqual([])

    const open = await bridge.dial('jonas', 'rt-h', 'production', 2)
    const input = { service: 'rt-g', environment: 'production', value: 2 }
    const edit = { operationId: open, personId: 'jonas' as PersonId, input, said: 'rt-g', by: 'command' as const }
    await bridge.door.edit(edit)
    expect(await channelsOf(open)).toEqual([`Cg ${open}`])
    await bridge.door.edit({ ...edit, input: { ...input, value: 3 } })
    expect(await channelsOf(open)).toEqual([`Cg ${open}`])
    expect(titles(await cardsIn('Cg', open))).toContain('Turn rt-g in production to 3')
  })

  test('is reminded, and told of a broken glass, like the thread where it was asked', async () => {
    const bridge = new Bridge(store())
    await subscribe(bridge, { surface: 'slack', channel: 'Ci', service: 'rt-i' })
    const id = await bridge.dial('sam', 'rt-i', 'production', 2)
    bridge.later(10 * 60_000)
    await bridge.work(id)
    expect(titles(await cardsIn('Ci', id))).toEqual([
      'Turn rt-i in production to 2',
      'Still waiting for approval: Turn rt-i in production to 2',
    ])
    await bridge.click('sam', id, 'break-glass', { reason: 'The shop is down' })
    expect(titles(await cardsIn('Ci', id))).toEqual([
      'Turn rt-i in production to 2',
      'No longer waits for approval',
      'Break-glass: Turn rt-i in production to 2',
    ])
    await bridge.click('jonas', id, 'review')
    expect(titles(await cardsIn('Ci', id))).toContain('Break-glass, reviewed: Turn rt-i in production to 2')
  })
})

describeOnStores('who is asked for a yes in a chat service', (store) => {
  const wordsIn = async (surface: 'slack' | 'web', surfaceKey: string) => {
    const thread = await threadByKey(store().db, surface, surfaceKey)
    const rows = thread ? await deliveriesOfThread(store().db, thread.id) : []
    const notices = rows.filter(({ key }) => !key.startsWith('operation:'))
    return notices
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ card }) => {
        const [first] = card.blocks
        return `${card.title}. ${first?.type === 'text' ? plainText(first.text) : ''}`
      })
  }

  test('is named in a message of its own when the card was there before, once a revision, which says when it is decided', async () => {
    const bridge = new Bridge(store())
    const surfaceKey = 'T1:C9:1.1'
    const input = { service: 'ask-a', environment: 'production', value: 2 }
    const id = await bridge.propose('mira', 'dial', input, { by: 'model', at: { surface: 'slack', surfaceKey } })
    expect(await bridge.state(id)).toBe('planned')
    expect(await wordsIn('slack', surfaceKey)).toEqual([])
    await bridge.click('mira', id, 'go')
    expect(await bridge.state(id)).toBe('awaiting_approval')
    const asked = 'Waits for approval: Turn ask-a in production to 2. Jonas, Ann may approve; the plan is on its card.'
    expect(await wordsIn('slack', surfaceKey)).toEqual([asked])
    await bridge.door.edit({
      operationId: id,
      personId: 'mira' as PersonId,
      input: { ...input, value: 3 },
      said: '3',
      by: 'command',
    })
    await bridge.click('mira', id, 'go')
    const closed = 'No longer waits for approval. The plan changed; its card shows the new one.'
    expect(await wordsIn('slack', surfaceKey)).toEqual([closed, asked.replace('to 2', 'to 3')])
    await bridge.click('ann', id, 'approve')
    expect((await wordsIn('slack', surfaceKey)).at(-1)).toBe(
      'No longer waits for approval. Turn ask-a in production to 3: approved.',
    )
  })

  test('is named on the card alone where that is new, or where people look at the page', async () => {
    const bridge = new Bridge(store())
    const surfaceKey = 'T1:C9:2.2'
    const input = { service: 'ask-b', environment: 'production', value: 2 }
    await bridge.propose('mira', 'dial', input, { at: { surface: 'slack', surfaceKey } })
    expect(await wordsIn('slack', surfaceKey)).toEqual([])
    const page = { surface: 'web', surfaceKey: 'ask-page' } as const
    const id = await bridge.propose('mira', 'dial', { ...input, service: 'ask-c' }, { by: 'model', at: page })
    await bridge.click('mira', id, 'go')
    expect(await wordsIn('web', page.surfaceKey)).toEqual([])
  })
})
