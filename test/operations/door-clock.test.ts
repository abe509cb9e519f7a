import { expect, test } from 'vitest'
import { durationMs } from '../../core/parameters.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import type { Skill } from '../../core/skill.ts'
import lock from '../../skills/lock.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { running } from './running.ts'

const WRONG_MS = 600_000
/** How long a busy machine may take until the test looks. */
const SLOW_MS = 30_000

const isNow = (time: Date | string | null | undefined, offMs = 0) =>
  expect(Math.abs(new Date(time ?? 0).getTime() - offMs - Date.now())).toBeLessThan(SLOW_MS)

/** This process's clock is also the store's; the door's is wrong. */
describeOnStores('the door of a process with a wrong clock', (store) => {
  for (const [how, aheadMs] of [
    ['behind', -WRONG_MS],
    ['ahead', WRONG_MS],
  ] as const) {
    const wrong = (skills?: ConstructorParameters<typeof Bridge>[1]) => {
      const bridge = new Bridge(store(), skills)
      bridge.now = new Date(Date.now() + aheadMs)
      return { bridge, door: bridge.process({ storeClock: undefined, log: silentLogger }) }
    }

    test(`${how}: what a run calls now is the store's, so that what is held for a while is held so long`, async () => {
      const { bridge, door } = wrong(running(async (ctx) => ({ ok: true, says: ctx.now().toISOString() })))
      const id = await bridge.propose(
        'mira',
        'dial',
        { service: `dk-run-${how}`, environment: 'dev', value: 3 },
        { door },
      )
      await bridge.advance(id, door)
      isNow((await bridge.operation(id)).outcome?.says)
      await door.close()
    })

    test(`${how}: a plan may be decided on as long as its policy says`, async () => {
      const { bridge, door } = wrong()
      const input = { service: `dk-plan-${how}`, environment: 'production', value: 3 }
      const id = await bridge.propose('mira', 'dial', input, { door })
      const { expiresAt, createdAt, gate } = await bridge.operation(id)
      isNow(createdAt)
      isNow(gate.plannedAt)
      isNow(expiresAt, bridge.policy.approvals[0]?.expiresMs)
      await door.close()
    })

    test(`${how}: a lock holds for the time that was asked for`, async () => {
      const { bridge, door } = wrong(() => [lock as unknown as Skill]) // its input is narrower than a set's
      const place = { service: 'checkout', environment: 'dev' }
      await bridge.propose('mira', 'lock', { ...place, for: '5m' }, { door })
      const [held] = await door.desk.locks(place)
      isNow(held?.until, durationMs('5m'))
      await door.close()
    })
  }
})
