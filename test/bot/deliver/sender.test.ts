import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { retryDelayMs } from '../../../bot/deliver/back-off.ts'
import { type Sender, startSender } from '../../../bot/deliver/sender.ts'
import type { Card } from '../../../core/card.ts'
import { UpstreamError } from '../../../core/errors.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage, Surface } from '../../../core/ports/surface.ts'
import { deliveryByKey, putDelivery } from '../../../db/deliveries.ts'
import { claimDeliveries, markPosting } from '../../../db/due-deliveries.ts'
import type { Store } from '../../../db/store.ts'
import { openThread } from '../../../db/threads.ts'
import { soon } from '../../_harness/soon.ts'
import { describeOnStores } from '../../_harness/store.ts'

const card = (title: string): Card => ({ kind: 'answer', tone: 'neutral', title, blocks: [] })
const clock = () => new Date()
let store: Store
let sender: Sender | undefined

let round = 0

beforeEach(() => {
  round += 1
})
afterEach(async () => {
  await sender?.close()
  sender = undefined
})

async function put(key: string, title: string, thread = 'c1', final = false) {
  return store.transaction(async (tx) => {
    const { id } = await openThread(tx, { surface: 'slack', surfaceKey: `${round}-${thread}`, now: clock() })
    return putDelivery(tx, {
      key: `${round}-${key}`,
      surface: 'slack',
      threadId: id,
      card: card(title),
      final,
      now: clock(),
    })
  })
}

/** A chat surface with a memory of what it shows. */
function fakeSlack() {
  const log: string[] = []
  const shown = new Map<string, string>()
  const surface = {
    name: 'slack' as const,
    post: vi.fn(async (message: OutgoingMessage) => {
      log.push(`post ${message.card.title}`)
      shown.set(message.deliveryId, message.card.title)
      return { ref: `ref-${message.deliveryId}` }
    }),
    update: vi.fn(async (message: OutgoingMessage) => {
      log.push(`update ${message.card.title}`)
      shown.set(message.deliveryId, message.card.title)
      return undefined
    }),
    find: vi.fn(async (message: OutgoingMessage) =>
      shown.has(message.deliveryId) ? { ref: `ref-${message.deliveryId}` } : undefined,
    ),
  } satisfies Surface
  return { surface, log, shown }
}

const send = async (surface: Surface) => {
  sender = await startSender({ store, surfaces: [surface], log: silentLogger, clock, pollMs: 50, gatherMs: 1 })
}
const sent = (key: string) =>
  soon(async () => {
    const row = await deliveryByKey(store.db, `${round}-${key}`)
    expect(row?.sentRevision).toBe(row?.revision)
    return row
  })

describeOnStores('the sender', (openedStore) => {
  beforeEach(() => {
    store = openedStore()
  })

  test('posts a card once, then edits it', async () => {
    const slack = fakeSlack()
    await send(slack.surface)
    await put('k1', 'planned')
    await sent('k1')
    await put('k1', 'running')
    const row = await sent('k1')
    expect(slack.log).toEqual(['post planned', 'update running'])
    expect(row).toMatchObject({ ref: expect.stringMatching(/^ref-dl-/), leaseOwner: null, attempts: 0 })
    expect(slack.surface.find).not.toHaveBeenCalled()
  })

  test('sends the newest revision only', async () => {
    const slack = fakeSlack()
    for (const title of ['one', 'two', 'three']) await put('k1', title)
    await send(slack.surface)
    await sent('k1')
    expect(slack.log).toEqual(['post three'])
  })

  test('a card that moves on while it is being sent is sent again', async () => {
    const slack = fakeSlack()
    slack.surface.post.mockImplementationOnce(async (message) => {
      slack.log.push(`post ${message.card.title}`)
      await put('k1', 'newer')
      return { ref: 'ref-1' }
    })
    await put('k1', 'older')
    await send(slack.surface)
    await soon(() => expect(slack.log).toEqual(['post older', 'update newer']))
    await sent('k1')
  })

  test('keeps what fails, and waits as long as the surface asks', async () => {
    const slack = fakeSlack()
    slack.surface.post.mockRejectedValueOnce(
      new UpstreamError('Slack says: slow down.', { service: 'slack', retryable: true, retryAfterMs: 60_000 }),
    )
    await put('k1', 'last word', 'c1', true)
    await send(slack.surface)
    const row = await soon(async () => {
      const now = await deliveryByKey(store.db, `${round}-k1`)
      expect(now?.lastError).toBe('Slack says: slow down.')
      return now
    })
    expect(row?.nextAt.getTime()).toBeGreaterThan(Date.now() + 55_000)
    expect(row).toMatchObject({ sentRevision: 0, revision: 1, leaseOwner: null })
    expect(slack.surface.post).toHaveBeenCalledTimes(1)
  })

  test('one message that fails holds up no other', async () => {
    const slack = fakeSlack()
    slack.surface.post.mockImplementationOnce(async () => {
      throw new Error('invalid_blocks')
    })
    await put('bad', 'bad', 'c1')
    await put('good', 'good', 'c2')
    await send(slack.surface)
    await sent('good')
    await sent('bad') // comes after its back-off
    expect(slack.log.toSorted()).toEqual(['post bad', 'post good'])
  })

  test('looks before it posts again when the answer to an earlier post was lost', async () => {
    const slack = fakeSlack()
    const { id } = await put('k1', 'posted, then the process died')
    // What the dead process left: claimed, its intent written, the message out, nothing recorded; the lease has ended.
    const past = new Date(Date.now() + 1)
    await claimDeliveries(store.db, { surfaces: ['slack'], owner: 'dead', now: past, leaseMs: -1, limit: 10 })
    await markPosting(store.db, [id])
    slack.shown.set(id, 'posted, then the process died')
    await send(slack.surface)
    const row = await sent('k1')
    expect(slack.surface.find).toHaveBeenCalledTimes(1)
    expect(slack.surface.post).not.toHaveBeenCalled()
    expect(row?.ref).toBe(`ref-${id}`)
  })

  test('two senders on one surface send each card once', async () => {
    const slack = fakeSlack()
    await send(slack.surface)
    const second = await startSender({
      store,
      surfaces: [slack.surface],
      log: silentLogger,
      clock,
      pollMs: 20,
      gatherMs: 1,
    })
    const keys = Array.from({ length: 40 }, (_, at) => `k${at}`)
    await Promise.all(keys.map((key, at) => put(key, key, `c${at % 7}`)))
    for (const key of keys) await sent(key)
    await second.close()
    expect(slack.log.toSorted()).toEqual(keys.map((key) => `post ${key}`).toSorted())
  })
})

describe('back-off', () => {
  test('doubles with full jitter up to a minute, and never undercuts what was asked for', () => {
    expect(retryDelayMs(new Error('x'), 0, () => 1)).toBe(1_000)
    expect(retryDelayMs(new Error('x'), 3, () => 1)).toBe(8_000)
    expect(retryDelayMs(new Error('x'), 99, () => 1)).toBe(60_000)
    expect(retryDelayMs(new Error('x'), 3, () => 0)).toBe(0)
    const asked = new UpstreamError('later', { service: 'slack', retryable: true, retryAfterMs: 30_000 })
    expect(retryDelayMs(asked, 0, () => 0)).toBe(30_000)
  })
})
