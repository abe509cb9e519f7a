import { expect, test } from 'vitest'
import type { Skill } from '../../core/skill.ts'
import { describeOnStores } from '../_harness/store.ts'
import { Bridge, CrashError } from './bridge.ts'
import { dialSkill, type World } from './world.ts'

/** Fails for a reason of its own after its first effect, so that putting back is crashed too. */
const failing = (world: World): Skill[] => [
  dialSkill(world, {
    async run(plan, ctx) {
      const dial = `${plan.input.service}/${plan.input.environment}`
      await ctx.step('turn', {
        do: async () => {
          world.set(dial, 3)
          return null
        },
        probe: async () => (world.read(dial) === 3 ? { happened: true, result: null } : { happened: false }),
      })
      return { ok: false, says: 'It squeaks.' }
    },
  }),
]

/** Every durable act of an undisturbed run, in order. */
async function actsOf(bridge: Bridge, service: string): Promise<string[]> {
  const acts: string[] = []
  bridge.crashAfter = (act) => {
    acts.push(act)
    return false
  }
  await bridge.work(await bridge.dial('mira', service, 'dev', 3))
  return acts
}

async function crashAt(bridge: Bridge, service: string, place: number): Promise<string> {
  let passed = 0
  bridge.crashAfter = () => passed++ === place
  const id = await bridge.dial('mira', service, 'dev', 3)
  await bridge.work(id).catch((error) => {
    if (!(error instanceof CrashError)) throw error
  })
  expect(passed).toBeGreaterThan(place)
  bridge.crashAfter = undefined
  await bridge.workAfterCrash(id)
  return id
}

describeOnStores('a crash after any durable act', (store) => {
  test('loses no step and does none twice', async () => {
    const acts = await actsOf(new Bridge(store()), 'cr-0')
    expect(acts).toEqual([
      'claim',
      'intent:turn',
      'effect:turn',
      'done:turn',
      'done:look',
      'intent:check',
      'effect:check',
      'done:check',
      'end',
    ])
    for (const place of acts.keys()) {
      const bridge = new Bridge(store())
      const id = await crashAt(bridge, `cr-${place + 1}`, place)
      const dial = `cr-${place + 1}/dev`
      expect(bridge.world.effects, acts[place]).toEqual([`${dial}=3`, `check ${dial}`])
      expect(await bridge.state(id as never), acts[place]).toBe('succeeded')
    }
  })

  test('of a run that fails puts back once', async () => {
    const acts = await actsOf(new Bridge(store(), failing), 'cf-0')
    expect(acts).toContain('effect:turn back')
    for (const place of acts.keys()) {
      const bridge = new Bridge(store(), failing)
      const id = await crashAt(bridge, `cf-${place + 1}`, place)
      const dial = `cf-${place + 1}/dev`
      expect(bridge.world.effects, acts[place]).toEqual([`${dial}=3`, `${dial}=1`])
      expect(await bridge.state(id as never), acts[place]).toBe('rolled_back')
    }
  })

  test('with a cancel while nobody works puts back what happened and nothing else', async () => {
    const acts = await actsOf(new Bridge(store()), 'cc-0')
    for (const place of acts.keys()) {
      const bridge = new Bridge(store())
      const service = `cc-${place + 1}`
      let passed = 0
      bridge.crashAfter = () => passed++ === place
      const id = await bridge.dial('mira', service, 'dev', 3)
      await bridge.work(id).catch(() => {})
      bridge.crashAfter = undefined
      const turned = bridge.world.read(`${service}/dev`) === 3
      const over = (await bridge.state(id)) === 'succeeded'
      expect((await bridge.click('mira', id, 'cancel')).ok).toBe(!over)
      const before = bridge.world.effects.filter((effect) => effect.startsWith('check')).length
      await bridge.workAfterCrash(id)
      const after = bridge.world.effects.filter((effect) => effect.startsWith('check')).length
      expect(after, acts[place]).toBe(before)
      expect(await bridge.state(id), acts[place]).toBe(over ? 'succeeded' : 'cancelled')
      expect(bridge.world.read(`${service}/dev`), acts[place]).toBe(over ? 3 : 1)
      expect(bridge.world.effects.filter((effect) => effect === `${service}/dev=1`)).toHaveLength(
        turned && !over ? 1 : 0,
      )
    }
  })
})
