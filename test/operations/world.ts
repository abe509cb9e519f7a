import { z } from 'zod'
import type { JsonObject } from '../../core/json.ts'
import { Environment, Service } from '../../core/parameters.ts'
import { type ChangeSkill, defineSkill, type Skill } from '../../core/skill.ts'

/** The outside: dials that skills turn, with everything that was ever done to them. */
export class World {
  readonly dials = new Map<string, number>()
  /** Every effect in the order in which it happened. */
  readonly effects: string[] = []
  read = (dial: string) => this.dials.get(dial) ?? 1
  set(dial: string, value: number): void {
    this.dials.set(dial, value)
    this.effects.push(`${dial}=${value}`)
  }
}

export const DialInput = z.object({ service: Service, environment: Environment, value: z.number() })

/** A change with two effects and a way back. `change` replaces parts of it. */
export function dialSkill(world: World, change: Partial<ChangeSkill<typeof DialInput>> = {}): Skill {
  const dialOf = (input: JsonObject) => `${input.service}/${input.environment}`
  return defineSkill<typeof DialInput>({
    name: 'dial',
    summary: 'Turn a dial',
    examples: ['dial a 3 dev', 'dial b 4 dev', 'dial c 5 dev'],
    input: DialInput,
    risk: 'write',
    allow: ['operator'],
    async preview(input) {
      const { service, environment, value } = input
      const from = world.read(dialOf(input))
      return {
        input,
        targets: [{ service, environment }],
        summary: `Turn ${service} in ${environment} to ${value}`,
        changes: [{ target: `${service} in ${environment}`, field: 'dial', from, to: value }],
        undo: { skill: 'dial', input: { service, environment, value: from }, says: `Turn it back to ${from}` },
        steps: ['turn', 'check'],
        alreadySo: from === value ? `it is at ${value}` : undefined,
      }
    },
    async run(plan, ctx) {
      const dial = dialOf(plan.input)
      const value = Number(plan.input.value)
      await ctx.step('turn', {
        do: async () => {
          world.set(dial, value)
          return value
        },
        probe: async () => (world.read(dial) === value ? { happened: true, result: value } : { happened: false }),
      })
      const seen = await ctx.observe('look', async () => world.read(dial))
      await ctx.step('check', {
        do: async () => {
          world.effects.push(`check ${dial}`)
          return null
        },
        probe: async () =>
          world.effects.includes(`check ${dial}`) ? { happened: true, result: null } : { happened: false },
      })
      return { ok: true, says: `It is at ${seen}.` }
    },
    async compensate(plan, ctx) {
      const dial = dialOf(plan.input)
      const before = Number(plan.changes[0]?.from)
      await ctx.step('turn back', {
        do: async () => {
          world.set(dial, before)
          return null
        },
        probe: async () => (world.read(dial) === before ? { happened: true, result: null } : { happened: false }),
      })
      return { ok: true, says: `It is back at ${before}.` }
    },
    ...change,
  })
}
