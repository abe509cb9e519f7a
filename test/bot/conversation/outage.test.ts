import { afterEach, describe, expect, it } from 'vitest'
import { createLanes } from '../../../bot/conversation/lanes.ts'
import { UpstreamError } from '../../../core/errors.ts'
import { newRequestId, type PersonId } from '../../../core/ids.ts'
import { insertRequest } from '../../../db/requests.ts'
import type { Store } from '../../../db/store.ts'
import { openThread } from '../../../db/threads.ts'
import { useStore } from '../../_harness/store.ts'
import { Chat, eventually, wordsOf } from './chat.ts'

const store = useStore()
let chat: Chat
afterEach(() => chat?.close())

/** The store, whose transactions and sayings fail while `down()`. */
function failing(real: Store, down: () => boolean): Store & { readonly failures: number } {
  let failures = 0
  const fail = () => {
    failures++
    return Promise.reject(new UpstreamError('The database does not answer.', { service: 'database', retryable: true }))
  }
  return {
    backend: real.backend,
    db: real.db,
    listen: (topic, hear) => real.listen(topic, hear),
    close: () => real.close(),
    transaction: (work) => (down() ? fail() : real.transaction(work)),
    together: { ...real.together, say: (place, read) => (down() ? fail() : real.together.say(place, read)) },
    get failures() {
      return failures
    },
  }
}

const message = (text: string, key: string) => ({
  surface: 'web' as const,
  threadKey: chat.threadKey,
  account: { surface: 'web' as const, id: 'mira' },
  text,
  key,
  at: chat.now,
})

describe('while the store is down', () => {
  it('takes messages at once, keeps them in order, and answers all when it is back', async () => {
    let down = true
    const broken = failing(store(), () => down)
    chat = await new Chat(store()).open({ store: broken })
    for (let index = 0; index < 5; index++)
      chat.conversation.receive(message(`scale cart staging ${index}`, `${chat.threadKey}-${index}`))
    // A surface that heard nothing delivers again.
    chat.conversation.receive(message('scale cart staging 0', `${chat.threadKey}-0`))
    await eventually(() => broken.failures > 3)
    expect(await chat.requests()).toHaveLength(0)
    expect(chat.conversation.waiting).toBe(5)
    down = false
    await chat.conversation.idle()
    expect((await chat.requests()).map(({ text }) => text)).toEqual(
      [0, 1, 2, 3, 4].map((count) => `scale cart staging ${count}`),
    )
    expect(await chat.operations()).toHaveLength(5)
  })

  it('does no more what was said long before it is back', async () => {
    let down = true
    const broken = failing(store(), () => down)
    chat = await new Chat(store()).open({ store: broken })
    chat.conversation.receive(message('scale cart staging 0', `${chat.threadKey}-late`))
    await eventually(() => broken.failures > 3)
    chat.now = new Date(chat.now.getTime() + 3 * 60 * 60_000)
    chat.conversation.receive(message('scale cart staging 3', `${chat.threadKey}-now`))
    down = false
    await chat.conversation.idle()
    expect((await chat.operations()).map(({ plan }) => plan.input)).toMatchObject([{ replicas: 3 }])
    const told = (await chat.cards('mira')).find(({ card }) => card.title === 'That is too long ago')
    expect(wordsOf(told?.card)).toContain(
      'You said this 3 h ago, and I could not store it until now. Nothing was done.',
    )
    expect((await chat.requests()).map(({ outcome }) => outcome)).toEqual(['refused', 'proposed'])
  })

  it('answers once though every other transaction fails', async () => {
    let turn = 0
    chat = await new Chat(store()).open({ store: failing(store(), () => turn++ % 2 === 0) })
    await chat.says('mira', 'deploy checkout 1.4.2 staging')
    await chat.says('mira', 'status cart')
    expect(await chat.operations()).toHaveLength(1)
    expect(await chat.cards()).toHaveLength(2)
  })

  it('says that it is too busy rather than forget', async () => {
    let down = true
    chat = await new Chat(store()).open({ store: failing(store(), () => down), limits: { queued: 3 } })
    for (let index = 0; index < 3; index++)
      chat.conversation.receive(message('status', `${chat.threadKey}-busy-${index}`))
    expect(() => chat.conversation.receive(message('status', `${chat.threadKey}-busy-4`))).toThrow(
      'Quarterdeck is too busy: 3 messages wait.',
    )
    down = false
    await chat.conversation.idle()
    expect(await chat.requests()).toHaveLength(3)
  })
})

it('takes up what a process that died had stored and not answered', async () => {
  chat = new Chat(store())
  const { threadKey: surfaceKey, now } = chat
  const thread = await openThread(store().db, { surface: 'web', surfaceKey, now })
  const left = {
    surface: 'web',
    threadId: thread.id,
    personId: 'mira' as PersonId,
    key: `${surfaceKey}-left`,
    receivedAt: now,
  } as const
  await insertRequest(store().db, { ...left, id: newRequestId(), text: 'deploy checkout 1.4.2 staging' })
  // Where other processes may still be at it, only what is a minute old is taken up.
  chat.now = new Date(now.getTime() + (store().backend === 'pglite' ? 1_000 : 61_000))
  await chat.open()
  await eventually(async () => (await chat.operations()).length === 1)
  await chat.conversation.recover()
  await chat.conversation.idle()
  expect(await chat.operations()).toHaveLength(1)
  expect(await chat.requests()).toMatchObject([{ outcome: 'proposed' }])
})

it('runs a lane in order and lanes side by side, a few at a time', async () => {
  const failed: unknown[] = []
  const lanes = createLanes(2, (error) => failed.push(error))
  const done: string[] = []
  let running = 0
  let most = 0
  for (const lane of ['a', 'b', 'c'])
    for (const turn of [1, 2, 3])
      lanes.add(lane, async () => {
        most = Math.max(most, ++running)
        await Promise.resolve()
        running--
        done.push(`${lane}${turn}`)
        if (turn === 2) throw new Error(lane)
      })
  await lanes.idle()
  expect(most).toBe(2)
  expect(failed).toHaveLength(3)
  for (const lane of ['a', 'b', 'c'])
    expect(done.filter((name) => name.startsWith(lane))).toEqual([1, 2, 3].map((turn) => `${lane}${turn}`))
})
