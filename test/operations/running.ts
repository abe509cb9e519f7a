import type { ChangeSkill, RunContext } from '../../core/skill.ts'
import { type DialInput, dialSkill, type World } from './world.ts'

export type Dial = ChangeSkill<typeof DialInput>

/** Dials that are turned by a run of the test's own. */
export const running =
  (run: (ctx: RunContext, world: World, dial: string) => ReturnType<Dial['run']>, more: Partial<Dial> = {}) =>
  (world: World) => [
    dialSkill(world, {
      run: (plan, ctx) => run(ctx, world, `${plan.input.service}/${plan.input.environment}`),
      ...more,
    }),
  ]

export const turn = (ctx: RunContext, world: World, dial: string, value: number, name = 'turn') =>
  ctx.step(name, {
    do: async () => {
      world.set(dial, value)
      return null
    },
    probe: async () => (world.read(dial) === value ? { happened: true, result: null } : { happened: false }),
  })
