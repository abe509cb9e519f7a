import { expect, test } from 'vitest'
import { PreconditionError } from '../../core/errors.ts'
import type { RunContext } from '../../core/skill.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'
import { running } from './running.ts'
import type { World } from './world.ts'

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

  test('and the way back is not refused, though the run began to go it by itself and a cancel called that off', async () => {
    const marks: string[] = []
    const off = new Set<string>()
    const set = (ctx: RunContext, world: World, dial: string, name: string, value: number) =>
      ctx.step(name, {
        do: async (_, { operation, step }) => {
          expect(operation).toBe(ctx.operation)
          marks.push(step)
          if (off.has(step)) throw new PreconditionError(`"${step}" was called off`)
          world.set(dial, value)
          return null
        },
        probe: async () => (world.read(dial) === value ? { happened: true, result: null } : { happened: false }),
        callOff: async (_, { step }) => void off.add(step),
      })
    const skill = (world: World) =>
      running(
        async (ctx, _, dial) => {
          await set(ctx, world, dial, 'turn', 3)
          await set(ctx, world, dial, 'turn back', 1)
          return { ok: true, says: 'done' }
        },
        {
          compensate: async (plan, ctx) => {
            await set(ctx, world, `${plan.input.service}/${plan.input.environment}`, 'turn back', 1)
            return { ok: true, says: 'back' }
          },
        },
      )(world)
    const bridge = new Bridge(store(), skill)
    const id = await bridge.dial('mira', 'lt-c', 'dev', 3)
    bridge.crashAfter = (act) => act === 'intent:turn back'
    await bridge.work(id).catch(() => {})
    bridge.crashAfter = undefined
    await bridge.click('mira', id, 'cancel')
    await bridge.workAfterCrash(id)
    expect(await bridge.state(id)).toBe('cancelled')
    expect(bridge.world.effects).toEqual(['lt-c/dev=3', 'lt-c/dev=1'])
    expect(marks).toEqual(['turn', 'turn back (compensate)'])
    expect([...off]).toEqual(['turn back'])
  })
})
