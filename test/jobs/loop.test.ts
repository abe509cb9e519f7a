import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentLogger } from '../../core/ports/logger.ts'
import { createComplaint } from '../../jobs/complaint.ts'
import { startLoop } from '../../jobs/loop.ts'
import { every } from '../../jobs/schedules.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('rounds never overlap, and a hint during a round brings another one right after it', async () => {
  let release = () => {}
  let rounds = 0
  const loop = startLoop({
    everyMs: 1_000,
    failed: (error) => expect.unreachable(String(error)),
    round: () => {
      rounds += 1
      return new Promise((resolve) => {
        release = () => resolve('idle')
      })
    },
  })
  loop.wake()
  loop.wake()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(rounds).toBe(1)
  release()
  await vi.advanceTimersByTimeAsync(0)
  expect(rounds).toBe(2)
  release()
  await vi.advanceTimersByTimeAsync(999)
  expect(rounds).toBe(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(rounds).toBe(3)
  release()
  await loop.stop()
})

test.each([
  [0, [0, 1_000, 3_000, 7_000, 11_000, 15_000]],
  [1, [0, 500, 1_500, 3_500, 5_500, 7_500, 9_500, 11_500, 13_500, 15_500]],
])(
  'after failures it waits longer each time, by chance up to half less (%i), and hints do not shorten that',
  async (by, waits) => {
    const at: number[] = []
    const start = Date.now()
    const loop = startLoop({
      everyMs: 500,
      slowestMs: 4_000,
      random: () => by,
      failed: () => {},
      round: async () => {
        at.push(Date.now() - start)
        throw new Error('down')
      },
    })
    for (let ms = 0; ms < 16_000; ms += 100) {
      await vi.advanceTimersByTimeAsync(100)
      loop.wake()
    }
    expect(at).toEqual(waits)
    await loop.stop()
  },
)

test('stopping waits for the running round', async () => {
  let release = () => {}
  const loop = startLoop({
    everyMs: 10,
    failed: () => {},
    round: () =>
      new Promise((resolve) => {
        release = () => resolve('again')
      }),
  })
  let stopped = false
  const stopping = loop.stop().then(() => {
    stopped = true
  })
  await vi.advanceTimersByTimeAsync(100)
  expect(stopped).toBe(false)
  release()
  await stopping
  expect(stopped).toBe(true)
})

test('what is down is said once, and so is its coming back', () => {
  const said: string[] = []
  const log = {
    ...silentLogger,
    warn: (_: object, message: string) => said.push(message),
    info: (_: object, message: string) => said.push(message),
  }
  const complaint = createComplaint(log, () => new Date(0), 'down', 'back')
  complaint.clear()
  for (let tries = 0; tries < 3; tries += 1) complaint.raise(new Error(`try ${tries}`))
  expect(complaint.current).toMatchObject({ since: new Date(0), error: new Error('try 2') })
  complaint.clear()
  complaint.clear()
  expect(said).toEqual(['down', 'back'])
})

test('a schedule goes on after a failure', async () => {
  let runs = 0
  const run = async () => {
    runs += 1
    if (runs === 1) throw new Error('once')
  }
  const loop = every({ name: 'seal', everyMs: 1_000, run }, silentLogger, () => new Date())
  await vi.advanceTimersByTimeAsync(4_000)
  expect(runs).toBeGreaterThanOrEqual(3)
  await loop.stop()
})
