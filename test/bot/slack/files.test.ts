import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startSender } from '../../../bot/deliver/sender.ts'
import { createSlackSurface } from '../../../bot/slack/send/surface.ts'
import { createWorkspaces } from '../../../bot/slack/workspaces.ts'
import type { Card } from '../../../core/card.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { deliveryByKey, putDelivery } from '../../../db/deliveries.ts'
import { openThread } from '../../../db/threads.ts'
import { useStore } from '../../_harness/store.ts'
import { quietDeps } from './quiet-deps.ts'
import { BOT } from './seed.ts'
import { Town } from './town.ts'

const store = useStore()
const clock = () => new Date()
let town: Town
beforeAll(async () => {
  town = await Town.open()
})
afterAll(() => town.close())
beforeEach(() => {
  town.front.calls.length = 0
  town.front.instead.length = 0
})

const short = (title: string): Card => ({ kind: 'answer', tone: 'neutral', title, blocks: [] })
const long = (title: string): Card => ({
  ...short(title),
  blocks: [
    {
      type: 'code',
      text: 'one line',
      truncated: 2,
      file: { name: `${title}.log`, mediaType: 'text/plain', content: 'one\ntwo\nthree' },
    },
  ],
})

/** A process that sends, with nothing in its memory. */
async function process() {
  const { people } = quietDeps(store())
  const workspaces = createWorkspaces({
    ...{ botToken: BOT.token, home: undefined, api: town.api, log: silentLogger, installed: async () => undefined },
    people,
  })
  const surface = createSlackSurface({ workspaces, log: silentLogger, requester: async () => undefined })
  const sender = await startSender({ store: store(), surfaces: [surface], log: silentLogger, clock, pollMs: 30 })
  return {
    /** As after a kill: what it had not done is not done. */
    async dies() {
      await surface.close(0)
      await sender.close()
    },
  }
}

async function begin(): Promise<string> {
  const { ts } = await town.call('xoxp-mira', 'chat.postMessage', { channel: town.channel('prod'), text: 'begin' })
  return String(ts)
}

async function put(ts: string, key: string, card: Card): Promise<void> {
  const surfaceKey = `${town.team}:${town.channel('prod')}:${ts}`
  await store().transaction(async (tx) => {
    const { id: threadId } = await openThread(tx, { surface: 'slack', surfaceKey, now: clock() })
    await putDelivery(tx, { key, surface: 'slack', threadId, card, now: clock() })
  })
}

const isSent = (key: string) => async () => (await deliveryByKey(store().db, key))?.sentRevision === 1
const filesIn = (ts: string) => async () =>
  (await town.thread(ts)).flatMap(({ files = [] }) => files.map(({ name }) => name))

/** Holds every upload until it is let go. */
function holdUploads() {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  town.front.instead.push(({ method }) => (method === 'files.getUploadURLExternal' ? promise : undefined))
  return () => resolve(undefined)
}

test('a file that takes its time holds up neither its own card nor another one', async () => {
  const letGo = holdUploads()
  const sending = await process()
  const ts = await begin()
  try {
    await put(ts, 'held-long', long('held'))
    await expect.poll(isSent('held-long')).toBe(true)
    await put(ts, 'held-next', short('next'))
    await expect.poll(isSent('held-next')).toBe(true)
    await expect.poll(() => town.front.of('files.getUploadURLExternal').length).toBe(1)
    expect(await filesIn(ts)()).toEqual([])
    letGo()
    await expect.poll(filesIn(ts)).toEqual(['held.log'])
  } finally {
    letGo()
    await sending.dies()
  }
})

test('a file that Slack would not take just then is attached a little later, once', async () => {
  let refusals = 2
  town.front.instead.push(({ method }) =>
    method === 'files.getUploadURLExternal' && refusals-- > 0 ? { status: 503, body: {} } : undefined,
  )
  const sending = await process()
  const ts = await begin()
  await put(ts, 'again-long', long('again'))
  await expect.poll(filesIn(ts)).toEqual(['again.log'])
  await sending.dies()
})

test('a file that whoever posted its card did not come to is attached by who sends next', async () => {
  const letGo = holdUploads()
  const first = await process()
  const ts = await begin()
  await put(ts, 'owed-long', long('owed'))
  await expect.poll(isSent('owed-long')).toBe(true)
  await expect.poll(() => town.front.of('files.getUploadURLExternal').length).toBe(1)
  town.front.instead.length = 0
  town.front.instead.push(({ method }) =>
    method === 'files.completeUploadExternal' ? { body: { ok: false, error: 'fatal_error' } } : undefined,
  )
  letGo()
  await first.dies()
  expect(await filesIn(ts)()).toEqual([])
  town.front.instead.length = 0
  // It took a while until somebody started it again.
  await store().db.execute(
    sql`update quarterdeck.deliveries set sent_at = now() - interval '40 minutes' where key = 'owed-long'`,
  )
  const second = await process()
  await expect.poll(filesIn(ts)).toEqual(['owed.log'])
  await second.dies()
  town.front.calls.length = 0
  const third = await process()
  await put(ts, 'owed-marker', short('marker'))
  await expect.poll(isSent('owed-marker')).toBe(true)
  await expect.poll(() => town.front.of('conversations.replies').length).toBeGreaterThan(0)
  await third.dies()
  expect(await filesIn(ts)()).toEqual(['owed.log'])
})
