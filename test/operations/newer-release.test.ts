import { expect, test } from 'vitest'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import type { Dial } from './running.ts'
import { dialSkill } from './world.ts'

describeOnStores('an operation begun with a newer release', (store) => {
  test('waits for a worker of that release, for a while', async () => {
    const run: Dial['run'] = async (plan, ctx) => {
      await ctx.wait('hold', new Date(ctx.now().getTime() + 60_000))
      return { ok: true, says: `new run of ${plan.input.service}` }
    }
    const bridge = new Bridge(store(), (world) => [dialSkill(world, { version: 2, run })])
    const [kept, lost] = [await bridge.dial('mira', 'rn-n', 'dev', 3), await bridge.dial('mira', 'rn-o', 'dev', 3)]
    await bridge.work(kept)
    await bridge.work(lost)
    bridge.later(60_000)
    const newer = bridge.skills
    bridge.skills = [dialSkill(bridge.world, {})]
    await bridge.restart()
    await bridge.work(kept)
    expect(await bridge.operation(kept)).toMatchObject({ state: 'waiting' })
    for (let minutes = 0; minutes < 10; minutes += 1) {
      await bridge.work(lost)
      bridge.later(60_000)
    }
    expect(await bridge.operation(lost)).toMatchObject({
      state: 'needs_human',
      says: expect.stringContaining('version 2 of "dial"'),
    })
    bridge.skills = newer
    await bridge.restart()
    await bridge.work(kept)
    expect(await bridge.operation(kept)).toMatchObject({ state: 'succeeded', says: 'new run of rn-n' })
  })
})
