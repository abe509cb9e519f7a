import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Sender, startSender } from '../../../bot/deliver/sender.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { deliveryByKey, putDelivery } from '../../../db/deliveries.ts'
import { openThread } from '../../../db/threads.ts'
import { lone, town, useLone } from './lone.ts'
import { BOT } from './seed.ts'

const store = useLone()
const clock = () => new Date()
let sender: Sender
beforeAll(async () => {
  const { surface } = lone.surface
  sender = await startSender({ store: store(), surfaces: [surface], log: silentLogger, clock, pollMs: 30 })
})
afterAll(() => sender.close())
beforeEach(() => {
  town.front.instead.length = 0
})

/** A card that the channel does not take. */
async function refusedCard(key: string, channel: string): Promise<void> {
  town.front.instead.push(({ method, args }) =>
    method === 'chat.postMessage' && args.channel === town.channel(channel)
      ? { body: { ok: false, error: 'not_in_channel' } }
      : undefined,
  )
  const surfaceKey = `${town.team}:${town.channel(channel)} op-${key}`
  await store().transaction(async (tx) => {
    const { id: threadId } = await openThread(tx, { surface: 'slack', surfaceKey, now: clock() })
    const card = { kind: 'answer', tone: 'neutral', title: key, blocks: [] } as const
    await putDelivery(tx, { key, surface: 'slack', threadId, card, now: clock() })
  })
  await expect.poll(async () => (await deliveryByKey(store().db, key))?.refusedSince ?? undefined).toBeDefined()
  town.front.instead.length = 0
}
const shown = (key: string) => expect.poll(async () => (await deliveryByKey(store().db, key))?.sentRevision).toBe(1)

test('a channel that the app is invited to is shown what it would not take before', async () => {
  await refusedCard('invited', 'prod')
  await town.sendEvent({ type: 'member_joined_channel', user: town.id('sam'), channel: town.channel('prod') })
  await town.sendEvent({ type: 'member_joined_channel', user: BOT.userId, channel: town.channel('prod') })
  await shown('invited')
})

test('so is one in which somebody speaks and is heard', async () => {
  await refusedCard('spoken', 'random')
  const event = { type: 'message', user: town.id('sam'), text: 'good morning', ts: '1700000000.000100' }
  await town.sendEvent({ ...event, channel: town.channel('random'), channel_type: 'channel' })
  await shown('spoken')
})
