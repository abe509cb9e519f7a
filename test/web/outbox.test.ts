import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { PersonView } from '../../web/src/api-types.ts'
import { keepDraft } from '../../web/src/parts/draft.ts'
import { discard, recallPending, retry, say } from '../../web/src/state/outbox.ts'
import { page } from '../../web/src/state/page.ts'
import { soon } from '../_harness/soon.ts'

const person: PersonView = { id: 'mira', name: 'Mira', timezone: 'UTC', roles: [] }
const threadKey = 'web-outboxthread1'
let sent: string[]
let answer: () => Promise<Response>

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  })
  sent = []
  answer = async () => new Response('{"key":"k"}', { status: 202 })
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    sent.push(JSON.parse(body).text)
    return answer()
  })
  vi.useFakeTimers({ now: Date.parse('2026-11-20T17:00:00Z'), toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  page.set({ session: { person, switcher: { allowed: true, says: '' } }, pending: [] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const states = () => page.get().pending.map(({ text, state, says }) => ({ text, state, says }))

test('a message that could not be sent goes out when the page is opened again soon, and waits for its writer when that is later', async () => {
  answer = () => Promise.reject(new Error('no network'))
  say(threadKey, 'scale cart to 0 in production')
  await soon(() => expect(states()[0]?.says).toContain('does not answer'))
  vi.clearAllTimers() // the page is closed
  answer = async () => new Response('{"key":"k"}', { status: 202 })

  vi.setSystemTime(Date.parse('2026-11-23T08:00:00Z'))
  sent = []
  recallPending()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual([])
  expect(states()).toMatchObject([{ state: 'failed', says: expect.stringContaining('Send it now if it still holds') }])

  retry(page.get().pending[0]?.key ?? '')
  await soon(() => expect(states()).toMatchObject([{ state: 'sent' }]))
  expect(sent).toEqual(['scale cart to 0 in production'])

  // Received, and its thread never showed it: soon after it is sent again with the same key, which counts once.
  vi.setSystemTime(Date.parse('2026-11-23T08:05:00Z'))
  recallPending()
  await soon(() => expect(sent).toHaveLength(2))
  await vi.advanceTimersByTimeAsync(1) // and answered
  vi.setSystemTime(Date.parse('2026-11-23T12:00:00Z'))
  recallPending()
  expect(sent).toHaveLength(2)
  expect(states()).toMatchObject([{ state: 'failed', says: expect.stringContaining('look whether it was done') }])
})

test('what another tab waits to send is not forgotten when this one writes', async () => {
  const theirs = { key: 'othertab', threadKey, personId: 'mira', text: 'from the other tab', at: '', state: 'sending' }
  localStorage.setItem('quarterdeck.pending', JSON.stringify([theirs]))
  say(threadKey, 'from this tab')
  await soon(() => expect(states()).toMatchObject([{ state: 'sent' }]))
  discard(page.get().pending[0]?.key ?? '')
  expect(JSON.parse(localStorage.getItem('quarterdeck.pending') ?? '')).toEqual([theirs])
})

test('a draft that another tab keeps is not forgotten when this one keeps its own', () => {
  keepDraft('web-mine', 'half a thou')
  localStorage.setItem(
    'quarterdeck.drafts',
    JSON.stringify({ 'web-mine': 'half a thou', 'web-theirs': 'another thou' }),
  )
  keepDraft('web-mine', 'half a thought')
  expect(JSON.parse(localStorage.getItem('quarterdeck.drafts') ?? '')).toEqual({
    'web-mine': 'half a thought',
    'web-theirs': 'another thou',
  })
})
