import { expect, test } from 'vitest'
import { storeTime } from '../../operations/store-time.ts'

const MINUTE_MS = 60_000
const T = Date.parse('2026-11-21T10:00:00Z')

/** A process, its store, and what passes in both. */
class Pair {
  clockMs = T
  storeMs = T
  countedMs = 0
  asked = 0
  answersAfterMs = 0
  away = false
  readonly time = storeTime({
    ask: async () => {
      this.asked += 1
      if (this.away) throw new Error('no store')
      const answer = new Date(this.storeMs)
      this.pass(this.answersAfterMs)
      return answer
    },
    clock: () => new Date(this.clockMs),
    count: () => this.countedMs,
  })

  pass(ms: number): void {
    this.clockMs += ms
    this.storeMs += ms
    this.countedMs += ms
  }

  get wrongMs(): number {
    return this.time.now().getTime() - this.storeMs
  }
}

test('a clock that is wrong from the start moves nothing', async () => {
  const pair = new Pair()
  pair.clockMs += 10 * MINUTE_MS
  await pair.time.keep()
  pair.pass(5_000)
  expect(pair.wrongMs).toBe(0)
})

test('a clock that is set while the program runs moves nothing, not even until the store is asked', async () => {
  const pair = new Pair()
  await pair.time.keep()
  pair.clockMs -= 10 * MINUTE_MS
  pair.pass(1_000)
  expect(pair.wrongMs).toBe(0)
  await pair.time.keep()
  expect(pair).toMatchObject({ wrongMs: 0, asked: 2 })
})

test('the store is asked once a minute, however often somebody wants to know', async () => {
  const pair = new Pair()
  for (let second = 0; second < 59; second++) {
    await pair.time.keep()
    pair.pass(1_000)
  }
  expect(pair.asked).toBe(1)
  pair.pass(1_000)
  await Promise.all([pair.time.keep(), pair.time.keep()])
  expect(pair.asked).toBe(2)
})

test('after a sleep of the machine, which its count did not notice, the store is asked before anything is done', async () => {
  const pair = new Pair()
  await pair.time.keep()
  pair.clockMs += 30 * MINUTE_MS
  pair.storeMs += 30 * MINUTE_MS
  await pair.time.keep()
  expect(pair.wrongMs).toBe(0)
})

test('an answer that took long is asked for again soon, and nobody waits for it', async () => {
  const pair = new Pair()
  pair.answersAfterMs = 20_000
  await pair.time.keep()
  expect(pair.wrongMs).toBe(-20_000)
  pair.answersAfterMs = 0
  await pair.time.keep()
  expect(pair.asked).toBe(1)
  pair.pass(5_000)
  await pair.time.keep()
  await expect.poll(() => pair.wrongMs).toBe(0)
})

test('while the store is away, what it said last goes on; before it said anything, the process has its own clock', async () => {
  const pair = new Pair()
  pair.away = true
  pair.clockMs += 7_000
  await pair.time.keep()
  expect(pair.wrongMs).toBe(7_000)
  pair.away = false
  await pair.time.keep()
  expect(pair.wrongMs).toBe(0)
  pair.away = true
  pair.pass(5 * MINUTE_MS)
  await pair.time.keep()
  expect(pair.wrongMs).toBe(0)
})
