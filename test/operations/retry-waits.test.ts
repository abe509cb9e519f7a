import { expect, test } from 'vitest'
import { UpstreamError } from '../../core/errors.ts'
import { TIMING } from '../../operations/deps.ts'
import { retryWaitMs } from '../../operations/run/failures.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { running } from './running.ts'

const BACK_WITHIN_MS = 30_000
const TRIED_FOR_MS = 120_000
const { retryMs } = TIMING

test.each([
  [undefined, [3_000, 7_500, 15_000, 30_000, 30_000, 30_000, 30_000]],
  [60_000, [61_000, 62_500, 65_000, 70_000, 75_000, 75_000, 75_000]],
])('what failed together is not tried together, though all were told to wait for %s ms', (retryAfterMs, latest) => {
  const waits = (by: number) =>
    [...retryMs.keys()].map((tries) => retryWaitMs({ timing: TIMING, random: () => by }, tries, { retryAfterMs }))
  expect(waits(0)).toEqual(retryMs.map((waitMs) => Math.max(waitMs, retryAfterMs ?? 0)))
  expect(waits(1)).toEqual(latest)
  expect(retryWaitMs({ timing: TIMING, random: () => 0 }, retryMs.length, { retryAfterMs })).toBeUndefined()
})

describeOnStores('what waits for a system that does not answer', (store) => {
  test('is tried for two minutes, and never waits longer than half a minute once it is back', async () => {
    const system = { away: true }
    const bridge = new Bridge(
      store(),
      running(async (ctx) => {
        await ctx.observe('look', async () => {
          if (system.away) throw new UpstreamError('It does not answer.', { service: 'dials', retryable: true })
          return null
        })
        return { ok: true, says: 'seen' }
      }),
    )
    const door = bridge.process({ timing: { retryMs } })
    const id = await bridge.dial('mira', 'rw-a', 'dev', 3)
    const began = bridge.now.getTime()
    await bridge.advance(id, door)
    for (const waitMs of retryMs.slice(0, -1)) {
      bridge.later(waitMs)
      await bridge.advance(id, door)
      expect(await bridge.state(id)).toBe('waiting')
    }
    system.away = false
    bridge.later(BACK_WITHIN_MS)
    expect(bridge.now.getTime() - began).toBeGreaterThanOrEqual(TRIED_FOR_MS)
    await bridge.advance(id, door)
    expect(await bridge.state(id)).toBe('succeeded')
    await door.close()
  })
})
