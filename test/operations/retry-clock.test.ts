import { expect, test } from 'vitest'
import { UpstreamError } from '../../core/errors.ts'
import type { OperationId } from '../../core/ids.ts'
import { liveOutboxOf } from '../../db/outbox.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { running } from './running.ts'

const WRONG_MS = 600_000
const AFTER_MS = 60_000
/** How long a busy machine may take until the test looks. */
const SLOW_MS = 30_000

const unreachable = () => new UpstreamError('The cluster does not answer.', { service: 'kubernetes', retryable: true })

describeOnStores('a retry of a process with a wrong clock', (store) => {
  const unreached = () =>
    new Bridge(
      store(),
      running(async (ctx) => {
        await ctx.observe('look', async () => {
          throw unreachable()
        })
        return { ok: true, says: 'Not reached.' }
      }),
    )
  /** What the queue is told: until when it has to keep it, from now by the database's clock, which is also this process's. */
  const lastDueInMs = async (id: OperationId) => {
    const due = (await liveOutboxOf(store().db, id)).map(({ dueAt }) => dueAt.getTime() - Date.now())
    return Math.max(...due)
  }
  const timing = { retryMs: [AFTER_MS, AFTER_MS] }

  for (const [how, aheadMs] of [
    ['behind', -WRONG_MS],
    ['ahead', WRONG_MS],
  ] as const) {
    test(`${how}: a run is tried again when its time has come by the store's clock, not before and not later`, async () => {
      const bridge = unreached()
      bridge.now = new Date(Date.now() + aheadMs)
      const door = bridge.process({ timing, storeClock: undefined })
      const id = await bridge.dial('mira', `rc-${how}`, 'dev', 3)
      await bridge.advance(id, door)
      expect(await bridge.operation(id)).toMatchObject({ state: 'waiting', progress: { retry: { count: 1 } } })
      expect(await lastDueInMs(id)).toBeGreaterThan(AFTER_MS - SLOW_MS)
      expect(await lastDueInMs(id)).toBeLessThan(AFTER_MS + SLOW_MS)
      // Whoever is woken early leaves it alone, and wakes nobody early.
      for (let knock = 0; knock < 3; knock++) await bridge.advance(id, door)
      expect(await bridge.operation(id)).toMatchObject({ state: 'waiting', progress: { retry: { count: 1 } } })
      expect(await lastDueInMs(id)).toBeLessThan(AFTER_MS + SLOW_MS)
      await door.close()
      const later = bridge.process({ timing, storeClock: async () => new Date(Date.now() + AFTER_MS) })
      await bridge.advance(id, later)
      expect(await bridge.operation(id)).toMatchObject({ state: 'waiting', progress: { retry: { count: 2 } } })
      await later.close()
    })

    test(`${how}: what could not be begun is tried again after the pause`, async () => {
      const bridge = new Bridge(store())
      bridge.now = new Date(Date.now() + aheadMs)
      const id = await bridge.dial('mira', `rc-begin-${how}`, 'dev', 3)
      const [skill] = bridge.skills
      if (!skill || !('preview' in skill)) throw new Error('the dial has no preview')
      const preview = async () => {
        throw unreachable()
      }
      const door = bridge.process({ timing, storeClock: undefined, skills: [{ ...skill, preview }] })
      await bridge.advance(id, door)
      expect(await bridge.operation(id)).toMatchObject({ state: 'approved', progress: { retry: { count: 1 } } })
      expect(await lastDueInMs(id)).toBeGreaterThan(AFTER_MS - SLOW_MS)
      expect(await lastDueInMs(id)).toBeLessThan(AFTER_MS + SLOW_MS)
      await door.close()
    })
  }
})
