import { expect, test } from 'vitest'
import { UpstreamError } from '../../core/errors.ts'
import { TIMING } from '../../operations/deps.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { running } from './running.ts'

const BACK_WITHIN_MS = 30_000
const TRIED_FOR_MS = 120_000
const { retryMs } = TIMING

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
