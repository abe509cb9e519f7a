import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CardItem, Item, PersonView } from '../../web/src/api-types.ts'
import { page } from '../../web/src/state/page.ts'
import { become } from '../../web/src/state/session.ts'
import { loadEarlier, loadOverview, loadThread, loadThreads, showCard } from '../../web/src/state/threads.ts'
import { soon } from '../_harness/soon.ts'

const threadKey = 'web-inorderthread'
const person = (id: string): PersonView => ({ id, name: id, timezone: 'UTC', roles: [] })
const card = (deliveryId: string, minute: number, revision = 1): CardItem => ({
  type: 'card',
  deliveryId,
  threadKey,
  revision,
  card: { kind: 'answer', tone: 'neutral', title: deliveryId, blocks: [] },
  requestId: null,
  operationId: null,
  personal: false,
  final: false,
  at: `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`,
  updatedAt: `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`,
})

/** Each request waits for its answer, given by hand and in any order. */
let waiting: { path: string; answer: (body: object) => void }[]
class QuietStream extends EventTarget {
  close(): void {}
}
beforeEach(() => {
  waiting = []
  vi.stubGlobal('EventSource', QuietStream)
  vi.stubGlobal('location', { hash: '' })
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('fetch', (path: string) => {
    const { promise, resolve } = Promise.withResolvers<Response>()
    waiting.push({ path, answer: (body) => resolve(new Response(JSON.stringify(body))) })
    return promise
  })
  const session = { person: person('mira'), switcher: { allowed: true, says: '' } }
  page.set({ session, loaded: {}, threads: [], pending: [], open: undefined })
})
afterEach(() => vi.unstubAllGlobals())

const answer = (path: string, body: object) => {
  const at = waiting.findIndex((one) => one.path.startsWith(path))
  const [found] = waiting.splice(at, 1)
  if (at < 0 || !found) throw new Error(`nobody asked for ${path}`)
  found.answer(body)
}
const shown = () =>
  (page.get().loaded[threadKey]?.items ?? []).map((item: Item) => item.type === 'card' && item.deliveryId)

test('a card that came live while the thread was being read stays, in its place', async () => {
  page.set({ loaded: { [threadKey]: { items: [card('dl-one', 1)], more: false } } })
  const reading = loadThread(threadKey)
  showCard(card('dl-three', 3))
  answer('/api/threads/', { items: [card('dl-one', 1), card('dl-two', 2)], more: false })
  await reading
  expect(shown()).toEqual(['dl-one', 'dl-two', 'dl-three'])
})

test('what was read of the past stays read when the newest part is read again', async () => {
  page.set({ loaded: { [threadKey]: { items: [card('dl-two', 2), card('dl-three', 3)], more: true } } })
  const earlier = loadEarlier(threadKey)
  answer('/api/threads/', { items: [card('dl-one', 1)], more: false })
  await earlier
  const again = loadThread(threadKey)
  answer('/api/threads/', { items: [card('dl-two', 2), card('dl-three', 3, 2)], more: true })
  await again
  expect(shown()).toEqual(['dl-one', 'dl-two', 'dl-three'])
  expect(page.get().loaded[threadKey]?.more).toBe(false)
})

test('an old card that moves while what lies between was not read waits for its turn', async () => {
  page.set({ loaded: { [threadKey]: { items: [card('dl-three', 3)], more: true } } })
  showCard(card('dl-one', 1, 2))
  expect(shown()).toEqual(['dl-three'])
  const earlier = loadEarlier(threadKey)
  expect(waiting.at(-1)?.path).toContain(encodeURIComponent(card('dl-three', 3).at))
  answer('/api/threads/', { items: [card('dl-one', 1, 2), card('dl-two', 2)], more: false })
  await earlier
  expect(shown()).toEqual(['dl-one', 'dl-two', 'dl-three'])
})

test('after a long sleep nothing is left out between what was read then and now', async () => {
  page.set({ loaded: { [threadKey]: { items: [card('dl-one', 1)], more: false } } })
  const waking = loadThread(threadKey)
  answer('/api/threads/', { items: [card('dl-three', 3)], more: true })
  await waking
  expect(shown()).toEqual(['dl-three'])
  const earlier = loadEarlier(threadKey)
  answer('/api/threads/', { items: [card('dl-one', 1), card('dl-two', 2)], more: false })
  await earlier
  expect(shown()).toEqual(['dl-one', 'dl-two', 'dl-three'])
})

test('an older answer that arrives after a newer one changes nothing', async () => {
  const [slow, quick] = [loadOverview(), loadOverview()]
  const [first, second] = waiting
  second?.answer({ halted: { by: 'Jonas', since: '2026-11-20T10:00:00Z', reason: null }, waiting: [], running: [] })
  await quick
  first?.answer({ halted: null, waiting: [], running: [] })
  await slow
  expect(page.get().overview.halted?.by).toBe('Jonas')
})

test('what was asked for the last person is not shown to the next', async () => {
  const reading = loadThread(threadKey)
  const lists = loadThreads()
  const switching = become('jonas')
  answer('/api/session', { person: person('jonas'), switcher: { allowed: true, says: '' } })
  await soon(() => expect(page.get().session?.person?.id).toBe('jonas'))
  answer('/api/threads/', { items: [{ ...card('dl-private', 1), personal: true }], more: false })
  answer('/api/threads', {
    threads: [{ key: threadKey, surface: 'web', title: 'of Mira', openedBy: null, updatedAt: '', open: 0 }],
  })
  await Promise.all([reading, lists])
  expect(shown()).toEqual([])
  expect(page.get().threads).toEqual([])
  for (const { path, answer: give } of waiting)
    give(
      path === '/api/threads'
        ? { threads: [] }
        : { halted: null, waiting: [], running: [], skills: [], services: [], environments: [] },
    )
  await switching
})
