import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createResilience, DEFAULT_RESILIENCE } from '../../clients/resilience.ts'
import { Trouble } from '../../clients/trouble.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }))
afterEach(() => void vi.useRealTimers())

const { opensAfter } = DEFAULT_RESILIENCE

function outside() {
  const resilience = createResilience(DEFAULT_RESILIENCE)
  const system = { away: true, asked: 0 }
  const ask = () =>
    resilience.once(async () => {
      system.asked += 1
      if (system.away) throw new Trouble('connection reset')
    })
  /** Cut off together, as calls are that share a connection. */
  const cutOff = () => Promise.allSettled(Array.from({ length: opensAfter }, ask))
  const restMs = async () => (await ask().catch((error: Trouble) => error))?.retryAfterMs
  return { system, ask, cutOff, restMs }
}

test('what was asked for is waited out, and then not by all at once', () => {
  for (const [by, inMs] of [
    [0, [0, 30_000]],
    [1, [600, 30_600]],
  ] as const) {
    const { delayMs } = createResilience(DEFAULT_RESILIENCE, () => by)
    expect([delayMs(2), delayMs(2, 30_000)]).toEqual(inMs)
  }
})

test('what cut off many calls at once is asked again after a second, and while it is away ever later', async () => {
  const { system, ask, cutOff, restMs } = outside()
  await cutOff()
  const rests: (number | undefined)[] = []
  for (let look = 0; look < 6; look++) {
    const rest = await restMs()
    expect(system.asked).toBe(opensAfter + look)
    rests.push(rest)
    vi.advanceTimersByTime(rest ?? 0)
    await ask().catch(() => undefined)
  }
  expect(rests).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
})

test('once it has answered, the next outage is a new one', async () => {
  const { system, ask, cutOff, restMs } = outside()
  await cutOff()
  vi.advanceTimersByTime(1_000)
  await ask().catch(() => undefined)
  expect(await restMs()).toBe(2_000)
  vi.advanceTimersByTime(2_000)
  system.away = false
  await ask()
  system.away = true
  await cutOff()
  expect(await restMs()).toBe(1_000)
})
