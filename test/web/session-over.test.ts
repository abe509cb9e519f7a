import { afterEach, expect, test, vi } from 'vitest'
import { ask } from '../../web/src/api.ts'
import { connect } from '../../web/src/state/live.ts'
import { page } from '../../web/src/state/page.ts'
import { soon } from '../_harness/soon.ts'

/** An event stream that the server refuses: the browser gives it up at once. */
class RefusedStream extends EventTarget {
  static readonly CLOSED = 2
  readonly readyState = RefusedStream.CLOSED
  static opened = 0
  constructor() {
    super()
    RefusedStream.opened += 1
    queueMicrotask(() => this.dispatchEvent(new Event('error')))
  }
  close(): void {}
}

const answers = (body: string, status = 200) =>
  vi.stubGlobal('fetch', async () => new Response(body, { status, headers: { 'content-type': 'application/json' } }))

function browser() {
  const reload = vi.fn()
  vi.stubGlobal('EventSource', RefusedStream)
  vi.stubGlobal('location', { reload })
  RefusedStream.opened = 0
  return reload
}
afterEach(() => vi.unstubAllGlobals())

test('a page whose session is over begins anew instead of waiting for ever', async () => {
  const reload = browser()
  answers(JSON.stringify({ person: null, switcher: { allowed: false, says: 'Here people sign in.' }, login: {} }))
  connect()
  await soon(() => expect(reload).toHaveBeenCalledOnce())
  expect(RefusedStream.opened).toBe(1)
})

test('one that is refused for another reason, or gets no answer, tries again', async () => {
  const reload = browser()
  answers(JSON.stringify({ error: 'Too many pages are open.' }), 503)
  connect()
  await soon(() => expect(RefusedStream.opened).toBe(2))
  expect(page.get().connection).toBe('lost')
  expect(reload).not.toHaveBeenCalled()
})

test('an answer that was cut off is one to ask for again', async () => {
  answers('{"ok":tr')
  await expect(ask('GET', '/api/overview')).rejects.toMatchObject({ name: 'Error', status: 200, retryable: true })
})
