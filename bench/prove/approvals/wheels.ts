import { z } from 'zod'
import { Environment, Service } from '../../../core/parameters.ts'
import { type ChangeSkill, defineSkill } from '../../../core/skill.ts'
import type { StoredOperation } from '../../../db/operation-records.ts'

/** The outside: wheels that a change turns, with everything that was done to them. */
export class Wheels {
  readonly #at = new Map<string, number>()
  readonly turned: { readonly wheel: string; readonly from: number; readonly to: number }[] = []

  read = (wheel: string): number => this.#at.get(wheel) ?? 1

  turn(wheel: string, to: number): void {
    this.turned.push({ wheel, from: this.read(wheel), to })
    this.#at.set(wheel, to)
  }

  /** Somebody else's hand, which is no effect of ours. */
  nudge(wheel: string, to: number): void {
    this.#at.set(wheel, to)
  }
}

const Input = z.object({ service: Service, environment: Environment, value: z.number() })

/** One effect, with no precondition of its own: what keeps it from happening unasked is the gate alone. */
export function turnSkill(wheels: Wheels): ChangeSkill<typeof Input> {
  return defineSkill<typeof Input>({
    name: 'turn',
    summary: 'Turn a wheel',
    examples: ['turn a staging 2', 'turn b staging 3', 'turn c production 2'],
    input: Input,
    risk: 'write',
    allow: ['operator'],
    async preview(input) {
      const { service, environment, value } = input
      const from = wheels.read(service)
      return {
        input,
        targets: [{ service, environment }],
        summary: `Turn ${service} in ${environment} from ${from} to ${value}`,
        changes: [{ target: `${service} in ${environment}`, field: 'wheel', from, to: value }],
        undo: { impossible: 'It is not turned back.' },
        steps: ['turn'],
        alreadySo: from === value ? `It is at ${value}.` : undefined,
      }
    },
    async run(plan, ctx) {
      const { service, value } = Input.parse(plan.input)
      await ctx.step('turn', {
        do: async () => {
          wheels.turn(service, value)
          return null
        },
        probe: async () => ({ happened: false }),
      })
      return { ok: true, says: `It is at ${value}.` }
    },
  })
}

/** What its plan says to happen to a wheel. */
export function changeOf({ plan }: StoredOperation): { from: number; to: number } {
  return { from: Number(plan.changes[0]?.from), to: Number(plan.changes[0]?.to) }
}
