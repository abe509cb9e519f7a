import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { MessageGoneError } from '../../../bot/deliver/message-gone.ts'
import { Pacer } from '../../../bot/slack/send/pacer.ts'
import { createSlackSurface } from '../../../bot/slack/send/surface.ts'
import { threadOfCommand } from '../../../bot/slack/thread-key.ts'
import { createWorkspaces } from '../../../bot/slack/workspaces.ts'
import type { Card } from '../../../core/card.ts'
import { newDeliveryId, newRequestId, type PersonId, type ThreadId } from '../../../core/ids.ts'
import type { Person } from '../../../core/person.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage } from '../../../core/ports/surface.ts'
import { quietDeps } from './quiet-deps.ts'
import { BOT } from './seed.ts'
import { Town } from './town.ts'

let town: Town
let surface: ReturnType<typeof sender>
const mira = 'mira' as PersonId // a test's person

beforeAll(async () => {
  town = await Town.open()
})
afterAll(() => town.close())

/** A process that sends, with nothing in its memory. */
function sender(linked: 'long ago' | 'a moment ago' = 'long ago') {
  const person: Person = {
    ...{ id: mira, name: 'Mira', timezone: 'UTC', grants: [], active: true },
    accounts: [{ surface: 'slack', id: town.id('mira') }],
  }
  // The surface asks the people for accounts only; no store is needed.
  const { people } = quietDeps({} as Parameters<typeof quietDeps>[0])
  let isKnown = linked === 'long ago'
  const workspaces = createWorkspaces({
    ...{ botToken: BOT.token, home: undefined, api: town.api, log: silentLogger, installed: async () => undefined },
    people: {
      ...people,
      byId: (id) => (id === mira && isKnown ? person : undefined),
      refresh: async () => {
        isKnown = true
      },
    },
  })
  // Every look at the clock is two seconds later.
  let now = 0
  const pacer = new Pacer(() => {
    now += 2_000
    return now
  })
  return createSlackSurface({ workspaces, pacer, log: silentLogger, requester: async () => mira })
}

beforeEach(() => {
  town.front.calls.length = 0
  town.front.instead.length = 0
  surface = sender()
})

const plan: Card = {
  ...{ kind: 'plan', tone: 'neutral', title: 'Scale cart in production from 4 to 6' },
  blocks: [
    {
      type: 'table',
      columns: ['pod', 'state'],
      rows: [
        ['a', 'ready'],
        ['b', 'ready'],
      ],
    },
  ],
  actions: [{ verb: 'approve', label: 'Approve', style: 'primary', payload: { planHash: 'h' } }],
}
const long: Card = {
  ...{
    kind: 'answer',
    tone: 'neutral',
    title: 'logs',
    blocks: [
      {
        type: 'code',
        text: 'one line',
        truncated: 2,
        file: { name: 'cart.log', mediaType: 'text/plain', content: 'one\ntwo\nthree' },
      },
    ],
  },
}

async function message(more: Partial<OutgoingMessage> = {}): Promise<OutgoingMessage> {
  const channel = town.channel('prod')
  const { ts } = await town.call('xoxp-mira', 'chat.postMessage', { channel, text: 'begin' })
  const at = new Date()
  return {
    ...{ deliveryId: newDeliveryId(), threadId: 'th-1' as ThreadId, threadKey: `${town.team}:${channel}:${ts}` },
    ...{ card: plan, revision: 1, final: false, createdAt: at, updatedAt: at, ...more },
  }
}
const threadTs = ({ threadKey }: OutgoingMessage) => threadKey.split(':')[2] ?? ''
const refuse = (method: RegExp, error: string, when = (_args: Readonly<Record<string, string>>) => true) =>
  town.front.instead.push((call) =>
    method.test(call.method) && when(call.args) ? { body: { ok: false, error } } : undefined,
  )

describe('a card in Slack', () => {
  test('is posted in its thread, found again by its delivery, and edited in place', async () => {
    const card = await message()
    const { ref } = await surface.post(card)
    expect(await surface.find?.(card)).toEqual({ ref })
    expect(await surface.find?.({ ...card, deliveryId: newDeliveryId() })).toBeUndefined()
    await surface.update({ ...card, ref, card: { ...plan, title: 'Done' } })
    const shown = (await town.thread(threadTs(card))).slice(1)
    expect(shown).toHaveLength(1)
    expect(shown[0]?.text).toMatch(/^Done/)
    expect(shown[0]?.metadata?.event_payload.delivery).toBe(card.deliveryId)
  })

  test('of somebody else with our metadata is not ours', async () => {
    const card = await message()
    const metadata = JSON.stringify({ event_type: 'quarterdeck_card', event_payload: { delivery: card.deliveryId } })
    const args = { channel: town.channel('prod'), thread_ts: threadTs(card), text: 'I am Quarterdeck', metadata }
    await town.call('xoxp-sam', 'chat.postMessage', args)
    expect(await surface.find?.(card)).toBeUndefined()
  })

  test('is drawn plainer where the workspace has no such blocks, and as text where it takes none', async () => {
    refuse(/^chat/, 'invalid_blocks', ({ blocks = '' }) => blocks.includes('data_table'))
    const card = await message()
    const { ref } = await surface.post(card)
    expect(town.front.of('chat.postMessage').map(({ args }) => args.blocks?.includes('data_table') ?? false)).toEqual([
      false,
      true,
      false,
    ])
    // Remembered: the next one is drawn plainly at once.
    town.front.calls.length = 0
    await surface.update({ ...card, ref })
    expect(town.front.of('chat.update')).toHaveLength(1)
    refuse(/^chat/, 'invalid_blocks', ({ blocks = '[]' }) => blocks !== '[]')
    await surface.update({ ...card, ref, card: { ...plan, title: 'As text' } })
    const shown = (await town.thread(threadTs(card))).at(-1)
    expect(shown?.text).toMatch(/^As text/)
    expect(shown?.blocks ?? []).toEqual([])
  })

  test('that was deleted is said to be gone', async () => {
    const card = await message()
    const { ref } = await surface.post(card)
    await town.call(BOT.token, 'chat.delete', { channel: ref.split(':')[0] ?? '', ts: ref.split(':')[1] ?? '' })
    await expect(surface.update({ ...card, ref })).rejects.toThrow(MessageGoneError)
  })

  test('reaches who was linked a moment ago', async () => {
    expect((await sender('a moment ago').post(await message({ only: mira }))).ref).toBeDefined()
    expect(town.front.of('chat.postEphemeral').map(({ args }) => args.user)).toEqual([town.id('mira')])
  })

  test('for one person is unseen by others, is shown anew when it changes, and reaches them alone where they are not in the channel', async () => {
    const card = await message({ only: mira })
    const { ref } = await surface.post(card)
    expect(await town.thread(threadTs(card))).toHaveLength(1)
    await surface.update({ ...card, ref })
    expect(town.front.of('chat.postEphemeral').map(({ args }) => [args.user, args.thread_ts])).toEqual([
      [town.id('mira'), threadTs(card)],
      [town.id('mira'), threadTs(card)],
    ])
    refuse(/postEphemeral/, 'user_not_in_channel')
    const alone = await surface.post(card)
    expect(alone.ref).toMatch(/^D\w+:/)
    await surface.update({ ...card, ref: alone.ref, card: { ...plan, title: 'Changed' } })
    expect((await town.history(alone.ref.split(':')[0] ?? '')).at(-1)?.text).toMatch(/^Changed/)
    // A command works where two people talk with each other, too.
    const [begins, threadKey] = [`${town.team}:D0THEIRS`, threadOfCommand(town.team, 'D0THEIRS', town.id('mira'))]
    refuse(/postMessage/, 'channel_not_found', ({ channel }) => channel === 'D0THEIRS')
    expect((await surface.post(await message({ only: mira, begins, threadKey }))).ref).toMatch(/^D(?!0THEIRS)\w+:/)
  })

  test('attaches what it cannot show once, whoever sends it next', async () => {
    const card = await message({ card: long })
    const files = async () =>
      (await town.thread(threadTs(card))).flatMap(({ files = [] }) => files.map(({ name }) => name))
    const { ref } = await surface.post(card)
    await surface.update({ ...card, ref })
    await expect.poll(files).toEqual(['cart.log'])
    town.front.calls.length = 0
    const next = sender()
    await next.update({ ...card, ref })
    await next.close(30_000)
    expect(town.front.of('conversations.replies')).toHaveLength(1)
    expect(await files()).toEqual(['cart.log'])
  })

  test('of a command begins a thread in the channel; where we are not let in it goes to who gave it', async () => {
    const channel = town.channel('prod')
    const threadKey = threadOfCommand(town.team, channel, town.id('mira'))
    const card = await message({ threadKey, begins: `${town.team}:${channel}` })
    const posted = await surface.post(card)
    expect(posted.threadKey).toBe(`${town.team}:${posted.ref}`)
    expect(await surface.find?.(card)).toEqual(posted)
    refuse(/postMessage/, 'not_in_channel', (args) => args.channel === channel)
    const alone = await surface.post(card)
    expect(alone.threadKey).toMatch(/:D\w+:\d/)
  })

  test('of somebody who asked where we are not let in goes to them alone', async () => {
    const card = await message({ requestId: newRequestId() })
    refuse(/postMessage/, 'not_in_channel', (args) => args.channel === town.channel('prod'))
    expect((await surface.post(card)).ref).toMatch(/^D\w+:/)
    // Nor can it be looked for there, after a first try that failed.
    refuse(/conversations.replies/, 'not_in_channel')
    expect(await surface.find?.(card)).toBeUndefined()
    // What a channel subscribed to is nobody's answer.
    const told = { ...card, begins: `${town.team}:${town.channel('prod')}` }
    await expect(surface.post(told)).rejects.toThrow(/not_in_channel/)
  })

  test('that cannot be shown says what to do, and is not tried for ever', async () => {
    const card = await message()
    refuse(/^chat/, 'channel_not_found')
    const failure = await surface.post(card).catch((error: unknown) => error)
    expect(failure).toMatchObject({ retryable: false, message: expect.stringMatching(/invite/) })
  })

  test('waits as long as Slack says, and everything of that method with it', async () => {
    town.front.instead.push(({ method }) =>
      method === 'chat.update'
        ? { status: 429, headers: { 'retry-after': '30' }, body: { ok: false, error: 'ratelimited' } }
        : undefined,
    )
    const card = await message()
    const { ref } = await surface.post(card)
    const failure = await surface.update({ ...card, ref }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ retryable: true, retryAfterMs: 30_000 })
    expect(surface.pace?.({ ...card, ref })).toBeGreaterThan(20_000)
    expect(surface.pace?.(await message())).toBe(0)
  })
})

test('a workspace is not asked who it is more than once, and asked again when it did not answer', async () => {
  const auth = vi.fn()
  town.front.instead.push(({ method }) => {
    if (method !== 'auth.test') return undefined
    auth()
    return auth.mock.calls.length === 1 ? { status: 503, body: {} } : undefined
  })
  await expect(surface.post(await message())).rejects.toThrow(/auth.test/)
  await Promise.all([surface.post(await message()), surface.post(await message())])
  expect(auth).toHaveBeenCalledTimes(2)
})
