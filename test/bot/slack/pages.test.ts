import { describe, expect, test } from 'vitest'
import { putDelivery } from '../../../db/deliveries.ts'
import { openThread } from '../../../db/threads.ts'
import { soon } from '../../_harness/soon.ts'
import { lone, town, useLone } from './lone.ts'

const store = useLone()

const eventually = <T>(look: () => T | Promise<T>) => soon(look)

/** A card of any surface gets a new revision. */
const somethingMoves = () =>
  store().transaction(async (tx) => {
    const now = new Date()
    const { id: threadId } = await openThread(tx, { surface: 'web', surfaceKey: 'web-pages', now })
    const card = { kind: 'notice', tone: 'neutral', title: 'moved', blocks: [] } as const
    await putDelivery(tx, { key: 'pages', surface: 'web', threadId, card, now })
  })

describe('the app’s pages', () => {
  const open = (tab: string) => town.sendEvent({ type: 'app_home_opened', user: town.id('mira'), channel: 'D1AB', tab })

  test('Home is drawn when it is opened, and again when something moves', async () => {
    await open('home')
    const first = await eventually(() => {
      const [call] = town.front.of('views.publish')
      expect(call?.args).toMatchObject({ user_id: town.id('mira') })
      return call?.args.view ?? ''
    })
    expect(first).toMatch(/Nothing waits for you/)
    expect(first).toMatch(/how is cart/)
    await somethingMoves()
    await eventually(() => expect(town.front.of('views.publish').length).toBeGreaterThan(1))
    expect(lone.approvalsFor).toHaveBeenCalledWith('mira')
  })

  test('a conversation begins with things to say that change nothing', async () => {
    await open('messages')
    const prompts = await eventually(() => {
      const [call] = town.front.of('assistant.threads.setSuggestedPrompts')
      expect(call).toBeDefined()
      return JSON.parse(call?.args.prompts ?? '[]')
    })
    expect(prompts).toEqual([
      { title: 'How things are', message: 'how is cart?' },
      { title: 'Release', message: 'deploy checkout 1.4.2' },
    ])
  })
})

test('shows that it reads in the thread that a direct message begins, where its answer ends that', async () => {
  const said = { type: 'message', channel_type: 'im', user: town.id('mira'), text: 'help', channel: 'D1AB' }
  await town.sendEvent({ ...said, ts: '3.1' })
  await town.sendEvent({ ...said, ts: '3.2', thread_ts: '3.1' })
  await eventually(() => expect(lone.receive).toHaveBeenCalledTimes(2))
  expect(lone.receive.mock.calls.map(([{ threadKey }]) => threadKey)).toEqual([
    `${town.team}:D1AB:3.1`,
    `${town.team}:D1AB:3.1`,
  ])
  await eventually(() =>
    expect(town.front.of('assistant.threads.setStatus').map(({ args }) => args.thread_ts)).toEqual(['3.1', '3.1']),
  )
})

test('who asks nothing of us is told nothing: guests who look, and who talk to each other', async () => {
  const channel = town.channel('prod')
  await town.sendEvent({ type: 'app_home_opened', user: town.id('gast'), channel: 'D2AB', tab: 'home' })
  await town.sendEvent({ type: 'message', user: town.id('gast'), text: 'lunch?', ts: '2.1', thread_ts: '1.1', channel })
  await town.sendEvent({
    type: 'message',
    user: town.id('mira'),
    text: 'restart cart in production',
    ts: '2.2',
    channel,
  })
  await town.mentions('mira', 'help')
  await eventually(() => expect(lone.receive).toHaveBeenCalledOnce())
  await town.mentions('gast', 'help')
  const told = () =>
    [...town.front.of('chat.postEphemeral'), ...town.front.of('chat.postMessage')].filter(({ args }) =>
      /guests/.test(args.text ?? ''),
    )
  await eventually(() => expect(told()).toHaveLength(1))
})

test('what is said is acknowledged though Slack does not say who says it, and handed on as soon as it does', async () => {
  let isDown = true
  town.front.instead.push(({ method }) => (isDown && method === 'users.info' ? { status: 503, body: {} } : undefined))
  const said = { type: 'app_mention', user: town.id('lena'), text: 'help', ts: '4.1', channel: town.channel('prod') }
  expect((await town.sendEvent(said)).status).toBe(200)
  await eventually(() => expect(town.front.of('users.info').length).toBeGreaterThan(1))
  expect(lone.receive).not.toHaveBeenCalled()
  isDown = false
  await eventually(() => expect(lone.receive).toHaveBeenCalledOnce())
})

test('vouches for an address that Slack has verified', async () => {
  expect(await lone.surface.vouchedEmail?.({ surface: 'slack', id: town.id('mira') })).toBe('mira@shop.example')
  expect(await lone.surface.vouchedEmail?.({ surface: 'slack', id: town.id('gast') })).toBeUndefined()
  expect(await lone.surface.vouchedEmail?.({ surface: 'slack', id: `T999/${town.id('mira')}` })).toBeUndefined()
  expect(await lone.surface.vouchedEmail?.({ surface: 'web', id: 'mira' })).toBeUndefined()
})
