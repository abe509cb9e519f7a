import { expect, test } from 'vitest'
import { startSender } from '../../../bot/deliver/sender.ts'
import type { Card } from '../../../core/card.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { deliveryByKey, putDelivery } from '../../../db/deliveries.ts'
import { openThread } from '../../../db/threads.ts'
import { soon } from '../../_harness/soon.ts'
import type { ApiCall } from './front.ts'
import { lone, town, useLone } from './lone.ts'

const store = useLone()

const CARDS = 8
const card = (title: string): Card => ({ kind: 'progress', tone: 'busy', title, blocks: [] })
const clock = () => new Date()

async function put(at: number, title: string, final: boolean): Promise<void> {
  const surfaceKey = `${town.team}:${town.channel('prod')}:17000000${at}.000100`
  await store().transaction(async (tx) => {
    const { id: threadId } = await openThread(tx, { surface: 'slack', surfaceKey, now: clock() })
    await putDelivery(tx, { key: `paced-${at}`, surface: 'slack', threadId, card: card(title), final, now: clock() })
  })
}

/** Slack's own limits, strictly: a post a second for a channel, and so many edits until the time is over. */
function enforce(edits: number, overMs: number) {
  const lastPost = new Map<string, number>()
  const refused: string[] = []
  const until = Date.now() + overMs
  let left = edits
  const busy = (seconds: number, { method }: ApiCall) => {
    refused.push(method)
    return { status: 429, headers: { 'retry-after': String(seconds) }, body: { ok: false, error: 'ratelimited' } }
  }
  town.front.instead.push((call) => {
    const { method, args, at } = call
    if (method === 'chat.postMessage') {
      const channel = args.channel ?? ''
      if (at - (lastPost.get(channel) ?? 0) < 1_000) return busy(1, call)
      lastPost.set(channel, at)
    }
    if (method === 'chat.update' && at < until && left-- <= 0)
      return busy(Math.max(1, Math.ceil((until - at) / 1_000)), call)
    return undefined
  })
  return { refused }
}

test('many cards in one channel come at its pace, and every last word is shown soon after Slack takes words again', async () => {
  const { refused } = enforce(3, 14_000)
  const { surface } = lone.surface
  const sender = await startSender({ store: store(), surfaces: [surface], log: silentLogger, clock })
  try {
    for (let at = 0; at < CARDS; at++) await put(at, `progress ${at}`, false)
    const posts = () => town.front.of('chat.postMessage')
    await soon(() => expect(posts()).toHaveLength(CARDS))
    expect(refused).toEqual([])
    for (let at = 0; at < CARDS; at++) await put(at, `more ${at}`, false)
    for (let at = 0; at < CARDS; at++) await put(at, `done ${at}`, true)
    await soon(async () => {
      for (let at = 0; at < CARDS; at++) {
        const row = await deliveryByKey(store().db, `paced-${at}`)
        expect(row?.sentRevision).toBe(row?.revision)
      }
    })
  } finally {
    await sender.close()
  }
  const shown = new Map(town.front.of('chat.update').map(({ args }) => [args.ts, args.text]))
  expect([...shown.values()].toSorted()).toEqual(Array.from({ length: CARDS }, (_, at) => `⏳ done ${at}`))
  // The first that was refused closed the method for all: nobody knocks while Slack says wait.
  expect(refused.length).toBeLessThanOrEqual(8)
})
