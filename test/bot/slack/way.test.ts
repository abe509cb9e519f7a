import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { soon } from '../../_harness/soon.ts'
import { startTown } from './places.ts'
import type { Message, Town } from './town.ts'

let town: Town
let close: () => Promise<void>

beforeAll(async () => {
  const started = await startTown()
  town = started.town
  close = started.close
})
afterAll(() => close())

const wordsOf = (message: Message | undefined) => JSON.stringify(message?.blocks ?? message?.text)
const cards = (messages: readonly Message[]) =>
  messages.filter(({ metadata }) => metadata?.event_type === 'quarterdeck_card')
const answerTo = (thread: string, says: RegExp) =>
  soon(async () => {
    const card = cards(await town.thread(thread)).at(-1)
    expect(wordsOf(card) ?? '').toMatch(says)
    return card as Message // the line above found it
  })
const said = (path: string, says: RegExp) =>
  soon(() => expect(JSON.stringify(town.front.replies.find((reply) => reply.path === path)?.body)).toMatch(says))

describe('the way of a request in Slack', () => {
  test('a mention becomes one card in its thread, is approved by somebody else, and ends on the same card', async () => {
    const thread = await town.mentions('mira', 'scale cart to 6 in production')
    const plan = await answerTo(thread, /Approve/)
    // Nobody approves their own request, whatever button they find.
    const own = await town.clicks('mira', 'Approve', plan)
    await said(own, /own/)
    const yes = await town.clicks('jonas', 'Approve', plan)
    await said(yes, /starts now/)
    const done = await answerTo(thread, /✅/)
    expect(done.ts).toBe(plan.ts)
    expect(cards(await town.thread(thread))).toHaveLength(1)
    expect(done.metadata?.event_payload).toMatchObject({
      delivery: expect.stringMatching(/^dl-/),
      operation: expect.stringMatching(/^op-/),
    })
    expect(wordsOf(done)).not.toContain('"Approve"')
    const { thread_ts: inThread } = town.front.replies.find(({ path }) => path === yes)?.body ?? {}
    expect(inThread).toBe(thread)
  })

  test('a question is answered in its thread, without another mention', async () => {
    const thread = await town.mentions('mira', 'restart cart')
    await answerTo(thread, /environment/i)
    const channel = town.channel('prod')
    const { ts } = await town.call('xoxp-mira', 'chat.postMessage', { channel, text: 'staging', thread_ts: thread })
    await town.sendEvent({ type: 'message', user: town.id('mira'), text: 'staging', ts, channel, thread_ts: thread })
    await soon(async () => expect(wordsOf(cards(await town.thread(thread)).at(-1))).toMatch(/staging/))
    // What people say to each other there is nobody's request.
    await town.sendEvent({
      type: 'message',
      user: town.id('sam'),
      text: 'restart search in production',
      ts: '1.5',
      channel,
      thread_ts: thread,
    })
    await town.mentions('mira', 'help')
    expect(JSON.stringify(cards(await town.thread(thread)))).not.toContain('search')
  })

  test('a direct message begins a conversation of its own, which is answered and goes on in its thread', async () => {
    const { channel, ts } = await town.whispers('mira', 'how is cart in production?')
    const inThread = async () => cards(await town.thread(ts, channel))
    await soon(async () => expect(wordsOf((await inThread()).at(-1))).toMatch(/cart/))
    await town.whispers('mira', 'and in staging?', ts)
    await soon(async () => expect(wordsOf((await inThread()).at(-1))).toMatch(/cart.*staging/))
    // Slack shows every new message as a conversation of its own: what was said in another one is not meant.
    const other = await town.whispers('mira', 'restart search')
    const question = await soon(async () => {
      const card = cards(await town.thread(other.ts, channel)).at(-1)
      expect(wordsOf(card)).toMatch(/environment/i)
      return card as Message // the line above found it
    })
    await town.whispers('mira', 'staging', other.ts)
    await soon(async () => {
      const card = cards(await town.thread(other.ts, channel)).at(-1)
      expect(card?.metadata?.event_payload.operation).toMatch(/^op-/)
    })
    expect(question.thread_ts).toBe(other.ts)
    expect(cards(await town.history(channel)).filter(({ thread_ts: thread }) => thread === undefined)).toEqual([])
  })

  test('where somebody talks with us alone the steps of a change are streamed below its card, to their end', async () => {
    const { channel, ts } = await town.whispers('mira', 'scale cart dev 4 for 1h')
    const plan = (title: RegExp) =>
      soon(async () => {
        const found = (await town.thread(ts, channel)).flatMap(({ blocks: [one] = [] }) =>
          one?.type === 'plan' ? one : [],
        )
        expect(found).toHaveLength(1)
        expect(found[0]?.title).toMatch(title)
        return found[0]?.tasks?.map(({ status }) => status)
      })
    expect(await plan(/^(?:Running|Waiting): /)).toContain('in_progress')
    const running = cards(await town.thread(ts, channel))[0] as Message // it was posted before its stream
    await town.clicks('mira', 'Cancel', running, { channel })
    expect(await plan(/^Cancelled: /)).not.toContain('in_progress')
    expect(town.front.of('chat.startStream').filter(({ args }) => args.thread_ts === ts)).toHaveLength(1)
    // It is no card: there is one, and it says the same.
    const [card, ...more] = cards(await town.thread(ts, channel))
    expect(wordsOf(card)).toMatch(/Cancelled/)
    expect(more).toEqual([])
  })

  test('/qd is seen in the channel, and its card begins a thread there', async () => {
    const response = await town.command('mira', 'status cart production')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ response_type: 'in_channel' })
    const card = await soon(async () => {
      const found = cards(await town.history('prod')).find((message) => wordsOf(message).includes('cart'))
      expect(found).toBeDefined()
      expect(found?.thread_ts).toBeUndefined()
      return found as Message // the line above found it
    })
    // From there on it is a thread like any other.
    await town.mentions('mira', 'scale it to 5', { thread: card.ts })
    await soon(async () => expect(wordsOf(cards(await town.thread(card.ts)).at(-1))).toMatch(/5/))
  })

  test('a one-time code in a command is seen by nobody else', async () => {
    const response = await town.command('mira', 'link abcd-efgh-jkmn')
    expect(await response.text()).toBe('')
  })

  test('refusals are for the eyes of one, in the thread', async () => {
    const thread = await town.mentions('sam', 'scale cart to 9 in production')
    await soon(() => {
      const told = town.front.of('chat.postEphemeral').find(({ args }) => args.thread_ts === thread)
      expect(told?.args).toMatchObject({ user: town.id('sam'), channel: town.channel('prod') })
      expect(told?.args.blocks).toMatch(/operator/)
    })
    expect(cards(await town.thread(thread))).toEqual([])
  })

  test('who is not known yet is told how to be, alone and in the thread', async () => {
    const thread = await town.mentions('priya', 'scale cart to 9 in production')
    await soon(() => {
      const told = town.front.of('chat.postEphemeral').find(({ args }) => args.thread_ts === thread)
      expect(told?.args).toMatchObject({ user: town.id('priya'), channel: town.channel('prod') })
      expect(told?.args.blocks).toContain(`slack:${town.id('priya')}`)
    })
    expect(cards(await town.thread(thread))).toEqual([])
  })

  test('guests are told that they cannot, whatever the configuration grants them', async () => {
    const thread = await town.mentions('gast', 'scale cart to 9 in production')
    await soon(() => {
      const told = town.front.of('chat.postEphemeral').find(({ args }) => args.thread_ts === thread)
      expect(told?.args.text ?? '').toMatch(/guests/)
    })
    expect(cards(await town.thread(thread))).toEqual([])
  })

  test('what comes four times acts once; what comes as a mention and a message is one', async () => {
    const channel = town.channel('prod')
    const text = '<@U0QUARTERDECK> how is search in production?'
    const { ts } = await town.call('xoxp-mira', 'chat.postMessage', { channel, text })
    const event = { user: town.id('mira'), text, ts, channel }
    for (const type of ['app_mention', 'message', 'app_mention', 'message']) await town.sendEvent({ ...event, type })
    await answerTo(String(ts), /search/)
    await town.mentions('mira', 'help')
    expect(cards(await town.thread(String(ts)))).toHaveLength(1)
  })

  test('what bots say, we among them, is nobody’s request', async () => {
    const event = { type: 'app_mention', text: 'restart cart in production', channel: town.channel('prod') }
    await town.sendEvent({ ...event, ts: '1700000000.000100', user: town.id('mira'), bot_id: 'B123' })
    await town.sendEvent({ ...event, ts: '1700000000.000200', user: 'U0QUARTERDECK' })
    await town.sendEvent({ ...event, ts: '1700000000.000300', user: town.id('mira'), subtype: 'message_changed' })
    const thread = await town.mentions('mira', 'whoami')
    await answerTo(thread, /mira/)
    for (const { args } of [...town.front.of('chat.postMessage'), ...town.front.of('chat.postEphemeral')])
      expect(args.thread_ts ?? '').not.toMatch(/^1700000000/)
  })
})
