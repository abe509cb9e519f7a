import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventsOf, type StreamEvent } from '../../../bot/cli/event-stream.ts'
import { PEOPLE_TOPIC } from '../../../bot/people/directory.ts'
import { LiveHub } from '../../../bot/web/live-hub.ts'
import type { PersonId } from '../../../core/ids.ts'
import { notify } from '../../../db/store.ts'
import { soon } from '../../_harness/soon.ts'
import { type Desk, PEOPLE, startDesk } from '../../web/desk.ts'
import { SAMPLE_CARDS } from '../../web/sample-cards.ts'
import { Caller } from './caller.ts'

let desk: Desk
beforeAll(async () => {
  desk = await startDesk()
})
afterAll(() => desk.close())

/** Listens as a person; `seen` fills as events come. */
async function listen(person: string, lastEventId?: string) {
  const { cookie } = await Caller.as(desk.address, person)
  const stop = new AbortController()
  const headers = { cookie, ...(lastEventId && { 'last-event-id': lastEventId }) }
  const response = await fetch(`${desk.address}/api/events`, { headers, signal: stop.signal })
  const seen: StreamEvent[] = []
  const read = async () => {
    if (response.body) for await (const event of eventsOf(response.body)) seen.push(event)
  }
  const ended = read().catch(() => undefined)
  await soon(() => expect(seen[0]?.name).toBe('beat'))
  const titles = () => seen.filter(({ name }) => name === 'card').map(({ data }) => JSON.parse(data).card.title)
  return { seen, titles, ended, close: () => stop.abort(), type: response.headers.get('content-type') }
}

const isWelcome = () => true
const threadKey = 'web-livethread01'
const show = (title: string, key: string, only?: PersonId) =>
  desk.show({ ...SAMPLE_CARDS.answer, title }, { key, threadKey, only })

describe('live events', () => {
  test('tell cards and their revisions as they come, and what people say', async () => {
    const jonas = await listen('jonas')
    expect(jonas.type).toBe('text/event-stream; charset=utf-8')
    await show('first', 'live-1')
    await soon(() => expect(jonas.titles()).toEqual(['first']))
    await show('second', 'live-1')
    await soon(() => expect(jonas.titles()).toEqual(['first', 'second']))
    const mira = await Caller.as(desk.address, 'mira')
    await mira.post(`/threads/${threadKey}/messages`, { text: 'hello', key: 'key-hello-1' })
    await soon(() => {
      const said = jonas.seen.find(({ name }) => name === 'message')
      expect(JSON.parse(said?.data ?? '{}')).toMatchObject({ threadKey, text: 'hello', person: { id: 'mira' } })
    })
    jonas.close()
  })

  test('keep private cards to their person', async () => {
    const [mira, jonas] = [await listen('mira'), await listen('jonas')]
    await show('for mira', 'live-private', PEOPLE[0].id)
    await show('for all', 'live-public')
    await soon(() => expect(jonas.titles()).toEqual(['for all']))
    await soon(() => expect(mira.titles()).toEqual(['for mira', 'for all']))
    mira.close()
    jonas.close()
  })

  test('lose nothing when the connection is lost again in the middle of what was missed', () => {
    const hub = new LiveHub()
    const person = PEOPLE[0].id
    const listenFrom = (id: string | undefined) => {
      const frames: string[] = []
      const send = (frame: string) => frames.push(frame) > 0
      hub.listen({ person, send, isWelcome, end: () => undefined }, id)()
      return frames
    }
    const idIn = (frames: readonly string[]) => frames.map((frame) => /^id: (.*)$/m.exec(frame)?.[1]).findLast(Boolean)
    const first = idIn(listenFrom(undefined))
    for (const title of ['a', 'b', 'c']) hub.publish({ name: 'card', data: { title } })
    const all = listenFrom(first)
    for (let cut = 0; cut <= all.length; cut += 1) {
      const got = all.slice(0, cut)
      const then = listenFrom(idIn(got) ?? first)
      const titles = [...got, ...then].flatMap((frame) => /"title":"(.)"/.exec(frame)?.[1] ?? [])
      expect(titles, `cut after ${cut} frames`).toEqual(['a', 'b', 'c'])
    }
    hub.close()
  })

  test('are not kept for ever when they are large: who comes back late begins anew, who comes back soon goes on', () => {
    const hub = new LiveHub()
    const listenFrom = (id?: string) => {
      const frames: string[] = []
      hub.listen(
        { person: PEOPLE[0].id, send: (frame) => frames.push(frame) > 0, isWelcome, end: () => undefined },
        id,
      )()
      return frames
    }
    const now = () => /^id: (.*)$/m.exec(listenFrom().join(''))?.[1]
    const first = now()
    const told = { name: 'message', data: { text: 'x'.repeat(1024 * 1024) } } as const
    for (let count = 0; count < 20; count += 1) hub.publish(told)
    const soon = now()
    hub.publish(told)
    expect(listenFrom(first).join('')).toContain('event: reset')
    expect(listenFrom(soon).join('')).not.toContain('event: reset')
    expect(listenFrom(soon).filter((frame) => frame.includes('event: message'))).toHaveLength(1)
    hub.close()
  })

  test('go on where a lost connection ended, privacy kept', async () => {
    const before = await listen('jonas')
    await show('seen', 'live-resume-1')
    await soon(() => expect(before.titles()).toEqual(['seen']))
    const lastId = before.seen.findLast(({ id }) => id)?.id
    before.close()
    const watcher = await listen('mira')
    await show('missed', 'live-resume-2')
    await show('not for jonas', 'live-resume-3', PEOPLE[0].id)
    await soon(() => expect(watcher.titles()).toHaveLength(2))
    const after = await listen('jonas', lastId)
    await soon(() => expect(after.titles()).toEqual(['missed']))
    expect(after.seen.some(({ name }) => name === 'reset')).toBe(false)
    after.close()
    watcher.close()
  })

  test('are not waited for by who only asks whether they are there', async () => {
    const { cookie } = await Caller.as(desk.address, 'mira')
    const response = await fetch(`${desk.address}/api/events`, { method: 'HEAD', headers: { cookie } })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/event-stream')
  })

  test('ask for a fresh look when what was missed is not known any more', async () => {
    const page = await listen('jonas', 'another-7')
    await soon(() => expect(page.seen.some(({ name }) => name === 'reset')).toBe(true))
    page.close()
  })

  test('many cards a second go through the sender in few rounds', async () => {
    const jonas = await listen('jonas')
    await Promise.all(Array.from({ length: 200 }, (_, at) => show(`many ${at}`, `many-${at}`)))
    await soon(() => expect(jonas.titles()).toHaveLength(200))
    jonas.close()
  })
})

describe('an open page', () => {
  let cards = 0
  /** It ends, and a card of later reaches another page but not this one. */
  const leaves = async (page: Awaited<ReturnType<typeof listen>>) => {
    await page.ended
    desk.gone.clear()
    desk.laterMs = 0
    const mira = await listen('mira')
    cards += 1
    const title = `after they left ${cards}`
    await show(title, `live-after-${cards}`)
    await soon(() => expect(mira.titles()).toContain(title))
    expect(page.titles()).not.toContain(title)
    mira.close()
  }

  test('is closed at once when its person is struck off', async () => {
    const priya = await listen('priya')
    desk.gone.add(PEOPLE[2].id)
    await desk.store.transaction((tx) => notify(tx, PEOPLE_TOPIC, ''))
    await leaves(priya)
    // Not only because a second passed.
    expect(desk.peopleAskedFor).toBe(1)
  })

  test('is closed soon though nobody said that its person left', async () => {
    const priya = await listen('priya')
    desk.gone.add(PEOPLE[2].id)
    await leaves(priya)
  })

  test('is closed when its session is too old', async () => {
    const jonas = await listen('jonas')
    desk.laterMs = 13 * 3_600_000
    await leaves(jonas)
  })
})

describe('the hub', () => {
  test('cuts off a listener that cannot keep up, and the others hear on', () => {
    const hub = new LiveHub()
    const heard: string[] = []
    let ended = 0
    const person = PEOPLE[0].id
    let room = 1
    hub.listen({ person, isWelcome, send: () => room-- > 0, end: () => (ended += 1) }, undefined)
    hub.listen({ person, isWelcome, send: (frame) => heard.push(frame) > 0, end: () => undefined }, undefined)
    hub.publish({ name: 'overview', data: {} })
    hub.publish({ name: 'overview', data: {} })
    expect([ended, hub.listeners, heard.length]).toEqual([1, 1, 3])
    hub.close()
  })

  test('writes hostile text as one line of data', () => {
    const hub = new LiveHub()
    const heard: string[] = []
    hub.listen(
      { person: PEOPLE[0].id, isWelcome, send: (frame) => heard.push(frame) > 0, end: () => undefined },
      undefined,
    )
    hub.publish({ name: 'card', data: { title: 'a\n\nevent: card\ndata: {"forged":true}\n\n' } })
    expect(heard.at(-1)?.trimEnd().split('\n')).toHaveLength(3)
    hub.close()
  })
})
