import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Pacer } from '../../../bot/slack/send/pacer.ts'
import { createSlackSurface } from '../../../bot/slack/send/surface.ts'
import { createWorkspaces } from '../../../bot/slack/workspaces.ts'
import type { Card } from '../../../core/card.ts'
import { newDeliveryId, type OperationId, type ThreadId } from '../../../core/ids.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage, Surface } from '../../../core/ports/surface.ts'
import { soon } from '../../_harness/soon.ts'
import { quietDeps } from './quiet-deps.ts'
import { BOT } from './seed.ts'
import { Town } from './town.ts'

let town: Town
let surface: Surface

beforeAll(async () => {
  town = await Town.open()
  // A workspace that has no streams, where the status says it.
  town.front.instead.unshift(({ method }) =>
    method.endsWith('Stream') ? { body: { ok: false, error: 'unknown_method' } } : undefined,
  )
})
afterAll(() => town.close())
beforeEach(() => {
  town.front.calls.length = 0
  // The surface asks the people for accounts only; no store is needed.
  const { people } = quietDeps({} as Parameters<typeof quietDeps>[0])
  const workspaces = createWorkspaces({
    ...{
      botToken: BOT.token,
      home: undefined,
      api: town.api,
      log: silentLogger,
      installed: async () => undefined,
      people,
    },
  })
  const pacer = new Pacer(() => 0)
  surface = createSlackSurface({ workspaces, pacer, log: silentLogger, requester: async () => undefined })
})

const busy = (text: string): Card => ({
  ...{ kind: 'progress', tone: 'busy', title: 'Scaling cart in production' },
  blocks: [{ type: 'progress', fraction: 0.5, text }],
})
const done: Card = { kind: 'result', tone: 'good', title: 'Scaled', blocks: [] }
const statuses = () => town.front.of('assistant.threads.setStatus').map(({ args }) => args.status)

/** A thread in a direct conversation or a channel, and a card of an operation that lives there. */
async function thread(where: 'direct' | 'prod') {
  const channel = where === 'direct' ? await town.direct('mira') : town.channel(where)
  const { ts } = await town.call('xoxp-mira', 'chat.postMessage', { channel, text: 'scale cart to 6' })
  const message = (card: Card, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
    ...{ deliveryId: newDeliveryId(), threadId: 'th-1' as ThreadId, threadKey: `${town.team}:${channel}:${ts}` },
    ...{ operationId: 'op-7f3k9m2q' as OperationId, card, revision: 1, final: false },
    ...{ createdAt: new Date(), updatedAt: new Date() },
    ...more,
  })
  return { channel, ts: String(ts), message }
}

test('a direct thread says what we are at while its card is busy, and nothing when it is over', async () => {
  const { channel, ts, message } = await thread('direct')
  const { ref } = await surface.post(message(busy('1 of 6 pods is ready')))
  await surface.update({ ...message(busy('1 of 6 pods is ready')), ref })
  await surface.update({ ...message(busy('5 of 6 pods <!here> are ready')), ref })
  await surface.update({ ...message(done, { final: true }), ref })
  await soon(() =>
    expect(statuses()).toEqual(['is at it: 1 of 6 pods is ready', 'is at it: 5 of 6 pods ‹!here› are ready', '']),
  )
  const [first] = town.front.of('assistant.threads.setStatus')
  expect(first?.args).toMatchObject({ channel_id: channel, thread_ts: ts })
  // The card is still the one message.
  expect((await town.thread(ts, channel)).filter(({ user }) => user === BOT.userId)).toHaveLength(1)
})

test('a channel is told nothing beside the card, and a card stands though its status could not be shown', async () => {
  const inChannel = await thread('prod')
  await surface.post(inChannel.message(busy('half')))
  expect(statuses()).toEqual([])
  town.front.instead.unshift(({ method }) =>
    method === 'assistant.threads.setStatus' ? { body: { ok: false, error: 'missing_scope' } } : undefined,
  )
  const direct = await thread('direct')
  const { ref } = await surface.post(direct.message(busy('half')))
  await soon(() => expect(statuses()).toHaveLength(1))
  await surface.update({ ...direct.message(done, { final: true }), ref })
  expect((await town.thread(direct.ts, direct.channel)).at(-1)?.text).toContain('Scaled')
})
