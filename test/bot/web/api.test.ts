import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { UpstreamError, UserError } from '../../../core/errors.ts'
import type { OperationId } from '../../../core/ids.ts'
import { soon } from '../../_harness/soon.ts'
import { type Desk, PEOPLE, startDesk } from '../../web/desk.ts'
import { SAMPLE_CARDS } from '../../web/sample-cards.ts'
import { Caller } from './caller.ts'

let desk: Desk
let mira: Caller
let jonas: Caller
let threads = 0
const newThread = () => `web-thread${String(++threads).padStart(6, '0')}`
const key = () => `key-${crypto.randomUUID()}`

beforeAll(async () => {
  desk = await startDesk()
  mira = await Caller.as(desk.address, 'mira')
  jonas = await Caller.as(desk.address, 'jonas')
})
afterAll(() => desk.close())

describe('saying something', () => {
  test('is answered at once, and the conversation gets it as the person', async () => {
    const thread = newThread()
    const id = key()
    const { status, body } = await mira.post(`/threads/${thread}/messages`, { text: ' deploy checkout ', key: id })
    expect([status, body]).toEqual([202, { key: id }])
    expect(desk.received.at(-1)).toMatchObject({
      surface: 'web',
      threadKey: thread,
      account: { surface: 'web', id: 'mira' },
      text: ' deploy checkout ',
      key: id,
    })
  })

  test('does not wait for the store', async () => {
    const never = new Promise<never>(() => undefined)
    const spies = [vi.spyOn(desk.store, 'transaction').mockReturnValue(never)]
    const asked = vi.spyOn(desk.store.db, 'select')
    try {
      const { status } = await mira.post(`/threads/${newThread()}/messages`, { text: 'status', key: key() })
      expect(status).toBe(202)
      expect(asked).not.toHaveBeenCalled()
    } finally {
      for (const spy of [...spies, asked]) spy.mockRestore()
    }
  })

  test('is refused with a sentence when there is nothing in it, or it goes nowhere', async () => {
    const thread = newThread()
    const say = async (body: object, where = thread) => {
      const answer = await mira.post(`/threads/${where}/messages`, body)
      return [answer.status, answer.body.error]
    }
    const before = desk.received.length
    expect(await say({ text: '  ', key: key() })).toEqual([400, 'text: is empty: say what should happen.'])
    expect((await say({ text: 42, key: key() }))[0]).toBe(400)
    expect((await say({ text: 'hi' }))[0]).toBe(400)
    expect((await say({ text: 'hi', key: '' }))[0]).toBe(400)
    expect(await say({ text: 'hi', key: key() }, 'slack-thread0001')).toEqual([404, 'There is no such conversation.'])
    expect((await say({ text: 'hi', key: key() }, '..%2f..%2fetc'))[0]).toBe(404)
    expect(desk.received).toHaveLength(before)
  })

  test('passes on what the conversation refuses: too long, too busy', async () => {
    desk.receive = () => {
      throw new UserError('That is too long to read: 4,000 characters are the most.')
    }
    const long = await mira.post(`/threads/${newThread()}/messages`, { text: 'x'.repeat(100_000), key: key() })
    expect([long.status, long.body.error]).toEqual([422, 'That is too long to read: 4,000 characters are the most.'])
    desk.receive = () => {
      throw new UpstreamError('Too much at once.', { service: 'conversation', retryable: true, retryAfterMs: 1_000 })
    }
    const busy = await mira.post(`/threads/${newThread()}/messages`, { text: 'hi', key: key() })
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '1'])
    desk.receive = undefined
  })
})

describe('a conversation', () => {
  test('shows what was said and the cards, in order, with a title and how many operations are open', async () => {
    const thread = newThread()
    desk.answer = () => SAMPLE_CARDS.answer
    await mira.post(`/threads/${thread}/messages`, { text: 'status checkout', key: 'message-1' })
    const items = await soon(async () => {
      const { body } = await jonas.get(`/threads/${thread}`)
      expect(body.items).toHaveLength(2)
      return body.items
    })
    expect(items[0]).toMatchObject({
      type: 'message',
      text: 'status checkout',
      key: 'message-1',
      person: { name: 'Mira Okafor' },
    })
    expect(items[1]).toMatchObject({
      type: 'card',
      revision: 1,
      card: { title: 'checkout' },
      requestId: items[0].requestId,
    })
    const { body } = await jonas.get('/threads')
    expect(body.threads[0]).toMatchObject({ key: thread, title: 'status checkout', openedBy: 'Mira Okafor', open: 0 })
  })

  test('nobody spoke in yet is empty; a terminal one is shown beside the others', async () => {
    expect((await mira.get(`/threads/${newThread()}`)).body).toEqual({ items: [], more: false })
    await desk.show(SAMPLE_CARDS.answer, { key: 'from-cli', threadKey: 'cli-thread000001', surface: 'cli' })
    const { body } = await mira.get('/threads')
    expect(body.threads[0]).toMatchObject({ key: 'cli-thread000001', surface: 'cli' })
    expect((await mira.get('/threads/cli-thread000001')).body.items).toHaveLength(1)
  })

  test('keeps private cards to their person', async () => {
    const thread = newThread()
    await desk.show(SAMPLE_CARDS.refusal, { key: 'private', threadKey: thread, only: PEOPLE[0].id })
    const mine = (await mira.get(`/threads/${thread}`)).body.items
    expect(mine).toEqual([expect.objectContaining({ personal: true })])
    expect((await jonas.get(`/threads/${thread}`)).body.items).toEqual([])
    const click = { verb: 'approve', key: key() }
    expect((await jonas.post(`/cards/${mine[0].deliveryId}/click`, click)).status).toBe(404)
    expect((await mira.post(`/cards/${mine[0].deliveryId}/click`, click)).status).toBe(200)
  })

  test('comes in parts, newest first, and the parts meet', async () => {
    const thread = newThread()
    for (let at = 0; at < 130; at += 1)
      await desk.show({ ...SAMPLE_CARDS.answer, title: `card ${at}` }, { key: `part-${at}`, threadKey: thread })
    const { body: newest } = await mira.get(`/threads/${thread}`)
    expect([newest.items.length, newest.more, newest.items.at(-1).card.title]).toEqual([100, true, 'card 129'])
    const { body: older } = await mira.get(`/threads/${thread}?before=${newest.items[0].at}`)
    const titles = new Set([...older.items, ...newest.items].map((item) => item.card.title))
    expect([titles.size, older.more]).toEqual([130, false])
  })
})

describe('a click', () => {
  test('reaches the conversation with the plan it was made on, as the person who clicked', async () => {
    const { id } = await desk.show(SAMPLE_CARDS.plan, { key: 'click-1', threadKey: newThread() })
    desk.reply = async () => ({ ok: false, says: 'Nobody approves their own request.' })
    const click = { verb: 'approve', payload: { planHash: 'abc' }, key: key() }
    const { status, body } = await jonas.post(`/cards/${id}/click`, click)
    expect([status, body]).toEqual([200, { ok: false, says: 'Nobody approves their own request.' }])
    expect(desk.clicks.at(-1)).toMatchObject({
      deliveryId: id,
      verb: 'approve',
      planHash: 'abc',
      surface: 'web',
      account: { surface: 'web', id: 'jonas' },
    })
  })

  test('on nothing, or with a verb of its own making, is refused', async () => {
    expect((await jonas.post('/cards/dl-nothing/click', { verb: 'approve', key: key() })).status).toBe(404)
    expect((await jonas.post('/cards/%00/click', { verb: 'approve', key: key() })).status).toBe(404)
    const { id } = await desk.show(SAMPLE_CARDS.plan, { key: 'click-2', threadKey: newThread() })
    const before = desk.clicks.length
    expect((await jonas.post(`/cards/${id}/click`, { verb: 'sudo', key: key() })).status).toBe(400)
    expect((await jonas.post(`/cards/${id}/click`, { verb: 'approve', payload: [1], key: key() })).status).toBe(400)
    expect(desk.clicks).toHaveLength(before)
  })
})

describe('a file', () => {
  test('is a plain download, never in the card itself, and private with its card', async () => {
    const thread = newThread()
    const { id } = await desk.show(SAMPLE_CARDS.failed, { key: 'file', threadKey: thread, only: PEOPLE[0].id })
    const { body } = await mira.get(`/threads/${thread}`)
    expect(JSON.stringify(body)).not.toContain('the whole log')
    const at = SAMPLE_CARDS.failed.blocks.findIndex(({ type }) => type === 'code')
    const file = await mira.get(`/files/${id}/${at}`)
    expect(file).toMatchObject({ status: 200, text: 'the whole log\nsecond line' })
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="checkout.log"')
    expect(file.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect((await jonas.get(`/files/${id}/${at}`)).status).toBe(404)
    expect((await mira.get(`/files/${id}/0`)).status).toBe(404)
    expect((await mira.get(`/files/${id}/__proto__`)).status).toBe(404)
    expect((await mira.get(`/files/${id}%00/0`)).status).toBe(404)
  })
})

describe('the overview', () => {
  test('says what waits, what runs and where, and whether all is halted', async () => {
    const threadKey = newThread()
    const operationId = 'op-0verv1ew' as OperationId
    const { id } = await desk.show({ ...SAMPLE_CARDS.plan, operationId }, { key: 'overview', threadKey })
    const requestedBy = { id: PEOPLE[0].id, name: PEOPLE[0].name }
    const about = {
      id: operationId,
      skill: 'deploy',
      summary: 'Deploy',
      requestedBy,
      requestedAt: new Date(),
    }
    desk.waiting = [{ ...about, state: 'awaiting_approval' }]
    desk.running = [
      { ...about, state: 'running' },
      { ...about, state: 'planned' },
    ]
    desk.halted = { by: 'Jonas Weber', since: new Date('2026-11-21T03:00:00Z') }
    const { body } = await jonas.get('/overview')
    expect(body.halted).toEqual({ by: 'Jonas Weber', since: '2026-11-21T03:00:00.000Z', reason: null })
    expect(body.waiting).toEqual([
      expect.objectContaining({ stateWords: 'waiting for approval', threadKey, deliveryId: id }),
    ])
    expect(body.running).toHaveLength(1)
    desk.waiting = []
    desk.running = []
    desk.halted = undefined
  })
})
