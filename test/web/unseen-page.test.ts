import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { connect, seenOrNot } from '../../web/src/state/live.ts'
import { page } from '../../web/src/state/page.ts'

class Stream extends EventTarget {
  static all: Stream[] = []
  isOpen = true
  constructor() {
    super()
    Stream.all.push(this)
  }
  close(): void {
    this.isOpen = false
  }
}
const open = () => Stream.all.filter(({ isOpen }) => isOpen).length

let asked: string[]
beforeEach(() => {
  asked = []
  Stream.all = []
  vi.stubGlobal('EventSource', Stream)
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path)
    return new Response('{"threads":[],"halted":null,"waiting":[],"running":[]}')
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const person = { id: 'mira', name: 'Mira', timezone: 'UTC', roles: [] }
  page.set({
    session: { person, switcher: { allowed: true, says: '' } },
    open: undefined,
    lone: undefined,
    pending: [],
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a page that nobody looks at lets its connection go, and reads what it missed when somebody looks again', async () => {
  connect()
  seenOrNot(false)
  await vi.advanceTimersByTimeAsync(30_000)
  seenOrNot(true)
  expect(open()).toBe(1)
  expect(asked).toEqual([])

  seenOrNot(false)
  await vi.advanceTimersByTimeAsync(61_000)
  expect(open()).toBe(0)
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(open()).toBe(0)
  seenOrNot(true)
  expect(open()).toBe(1)
  expect(asked).toEqual(expect.arrayContaining(['/api/threads', '/api/overview']))
})
