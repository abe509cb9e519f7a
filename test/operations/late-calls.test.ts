import { expect, test } from 'vitest'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { running } from './running.ts'

/** A turn whose call is still under way when its worker is given up: it arrives when the test says so. */
function lateTurn() {
  let off = false
  const late = { arrives: () => {} }
  const skill = running(async (ctx, world, dial) => {
    late.arrives = () => {
      if (!off) world.set(dial, 3)
    }
    await ctx.step('turn', {
      do: async () => {
        late.arrives()
        return null
      },
      probe: async () => (world.read(dial) === 3 ? { happened: true, result: null } : { happened: false }),
      callOff: async () => {
        off = true
      },
    })
    return { ok: true, says: 'done' }
  })
  return { late, skill }
}

describeOnStores('a call that arrives late', (store) => {
  test('is refused once its step is over without it: what was said to be unchanged stays so', async () => {
    const { late, skill } = lateTurn()
    const bridge = new Bridge(store(), skill)
    const id = await bridge.dial('mira', 'lt-a', 'dev', 3)
    bridge.crashAfter = (act) => act === 'intent:turn'
    await bridge.work(id).catch(() => {})
    bridge.crashAfter = undefined
    await bridge.click('mira', id, 'cancel')
    await bridge.workAfterCrash(id)
    expect(await bridge.state(id)).toBe('cancelled')
    late.arrives()
    expect(bridge.world.effects).toEqual([])
  })

  test('and where the step is done again, nothing is called off', async () => {
    const { skill } = lateTurn()
    const bridge = new Bridge(store(), skill)
    const id = await bridge.dial('mira', 'lt-b', 'dev', 3)
    bridge.crashAfter = (act) => act === 'intent:turn'
    await bridge.work(id).catch(() => {})
    bridge.crashAfter = undefined
    await bridge.workAfterCrash(id)
    expect(await bridge.state(id)).toBe('succeeded')
    expect(bridge.world.effects).toEqual(['lt-b/dev=3'])
  })
})
