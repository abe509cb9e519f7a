import { z } from 'zod'
import type { Block } from '../../core/card.ts'
import { UserError } from '../../core/errors.ts'
import { durationMs, REPLICAS_MAX } from '../../core/parameters.ts'
import type { Plan } from '../../core/plan.ts'
import type { Outcome, RunContext } from '../../core/skill.ts'
import { follow, happenedIf } from './release.ts'

export const sayReplicas = (count: number) => `${count} ${count === 1 ? 'replica' : 'replicas'}`

/** When a hold would end. What was said as a time of the day is a span by then, and that begins with the run. */
export function holdEnds(holdMs: number | undefined, now: Date): readonly Block[] {
  if (holdMs === undefined) return []
  const end = { time: new Date(now.getTime() + holdMs).toISOString(), show: 'clock' } as const
  return [{ type: 'facts', facts: [{ label: 'Goes back', value: [end, ' if it starts now, later by what it waits'] }] }]
}

/** `6`, `"+3"`, `"x2"` as an absolute count. */
export function resolveReplicas(said: number | string, from: number, place: string): number {
  const text = String(said)
  const to = text.startsWith('x')
    ? Math.ceil(from * Number(text.slice(1)))
    : /^[+-]/.test(text)
      ? from + Number(text)
      : Number(text)
  if (to < 0)
    throw new UserError(
      `${place} has ${from} replicas: ${text} would be below 0. Name a number from 0 to ${REPLICAS_MAX}.`,
    )
  if (to > REPLICAS_MAX)
    throw new UserError(`${to} replicas is above the limit of ${REPLICAS_MAX}. Name a smaller number.`)
  return to
}

export interface Scaling {
  readonly ref: { service: string; environment: string }
  readonly says: string
  readonly from: number
  readonly to: number
  readonly holdMs: number | undefined
}

/** Reads a scaling back out of an approved plan. */
export function scalingOf(plan: Plan): Scaling {
  const input = z.object({ service: z.string(), environment: z.string(), for: z.string().optional() }).parse(plan.input)
  const change = z.object({ target: z.string(), from: z.number(), to: z.number() }).parse(plan.changes[0])
  return {
    ref: { service: input.service, environment: input.environment },
    says: change.target,
    from: change.from,
    to: change.to,
    holdMs: input.for ? durationMs(input.for) : undefined,
  }
}

export function setReplicas(step: string, from: number, to: number, { ref }: Scaling, ctx: RunContext) {
  return ctx.step(step, {
    do: async (write, mark) => {
      const { generation } = await write.cluster.setReplicas(ref, {
        replicas: to,
        expectReplicas: from,
        ...mark,
      })
      return { generation }
    },
    probe: async (read) =>
      happenedIf(
        await read.cluster.workload(ref),
        (seen) => seen.replicas.desired === to && seen.lastOperation === ctx.operation,
      ),
    callOff: (write, mark) => write.cluster.callOff(ref, mark),
  })
}

export const seeHowMany = ({ ref }: Scaling, ctx: RunContext): Promise<number> =>
  ctx.observe('see how many run', async (read) => (await read.cluster.workload(ref)).replicas.desired)

/** Back to the number before, unless somebody changed it meanwhile: then it is left alone, and said. */
export async function putBack(step: string, scaling: Scaling, ctx: RunContext): Promise<Outcome> {
  const now = await seeHowMany(scaling, ctx)
  if (now === scaling.from) return { ok: true, says: `${scaling.says} has ${sayReplicas(now)}, as before.`, undo: null }
  if (now !== scaling.to) {
    return {
      ok: true,
      says: `${scaling.says} has ${sayReplicas(now)} now, which somebody else set, so it was left alone.`,
      undo: null,
    }
  }
  const { generation } = await setReplicas(step, scaling.to, scaling.from, scaling, ctx)
  const rollout = await follow('follow the pods back', generation, scaling, ctx)
  const says = `${scaling.says} is back at ${sayReplicas(scaling.from)}.`
  return rollout.done
    ? { ok: true, says, undo: null }
    : { ok: false, says: `${says} ${rollout.problem.says}`, undo: null }
}
