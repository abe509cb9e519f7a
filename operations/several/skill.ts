import { z } from 'zod'
import { messageOf, UpstreamError, UserError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'
import type { Plan } from '../../core/plan.ts'
import type { ChangeSkill, ReadContext } from '../../core/skill.ts'
import { changeSkill, type House } from '../deps.ts'
import { completePlan, requireChange, riskOf } from '../plan/preview.ts'
import { combine, labelOf, saidOf, worstRisk } from './combine.ts'
import { PARTS_MAX, type Part, SEVERAL, sayPart, sayRequests } from './expand.ts'

const Input = z.object({
  parts: z
    .array(z.object({ skill: z.string(), input: z.record(z.string(), z.custom<Json>()) }))
    .min(1)
    .max(PARTS_MAX),
})

/**
 * The plan of several targets, as a skill among the door's own: previewed, gated, stored and replayed like any other. It is in no
 * registry: nobody asks for it by name, and nobody holds it as a right (each part is gated by its own skill).
 */
export function severalSkill(house: () => Pick<House, 'skills'>): ChangeSkill<typeof Input> {
  return {
    name: SEVERAL,
    summary: 'Do the same, or several things, in one plan',
    examples: [],
    input: Input,
    risk: ({ parts }) => worstRisk(parts.map((part) => riskOf(requireChange(house(), part.skill), part.input))),
    allow: [],

    async preview({ parts }, ctx) {
      const plans = await plansOf(house(), parts, ctx)
      const { parts: kept, ...whole } = combine(plans)
      const input = { parts: kept.map((plan) => ({ skill: plan.skill, input: plan.input })) }
      return { ...whole, input, parts: kept }
    },
    async run() {
      throw new Error('a plan for several targets is run part by part')
    },
  }
}

/** The skills that a request would use: its own, or those of its parts. */
export function skillsOf(house: Pick<House, 'skills'>, { skill, input }: Part): readonly ChangeSkill[] {
  const parts = skill === SEVERAL ? Input.safeParse(input).data?.parts : undefined
  const names = new Set(parts?.map((part) => part.skill) ?? [skill])
  return [...names].flatMap((name) => changeSkill(house, name) ?? [])
}

async function plansOf(
  house: Pick<House, 'skills'>,
  parts: readonly Part[],
  ctx: ReadContext,
): Promise<readonly Plan[]> {
  const tried = await Promise.allSettled(
    parts.map(async (part) => {
      if (part.skill === SEVERAL) throw new Error('a plan for several targets cannot be part of another')
      const draft = await ctx.planOf(part.skill, part.input)
      return completePlan(requireChange(house, draft.skill), draft)
    }),
  )
  const failed = tried.flatMap((one, index) => {
    const part = parts[index]
    return one.status === 'rejected' && part ? [{ part, error: one.reason as unknown }] : []
  })
  if (failed.length > 0) throw refusal(parts, failed)
  const plans = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  refuseOverlap(plans)
  return plans
}

/** Which parts cannot be planned and why; with what could be asked for instead. */
function refusal(parts: readonly Part[], failed: readonly { readonly part: Part; readonly error: unknown }[]): unknown {
  const other = failed.find(({ error }) => !(error instanceof UserError))
  if (other) return other.error instanceof UpstreamError ? upstream(other.part, other.error) : other.error
  const whys = failed.map(({ part, error }) => saidOf(sayPart(part), messageOf(error).replace(NOTHING_PLANNED, '')))
  const rest = parts.filter((part) => !failed.some((one) => one.part === part))
  const [own] = failed.length === 1 && rest.length === 0 ? failed : []
  const suggestions = own?.error instanceof UserError ? own.error.suggestions : sayRequests(rest)
  const without = rest.length > 0 ? `; the others could go without ${failed.length > 1 ? 'them' : 'it'}` : ''
  return new UserError(`${whys.join(' ')} Nothing was planned${without}.`, suggestions)
}

/** Some skills end their refusal so; for the whole it is said once. */
const NOTHING_PLANNED = / Nothing was planned\.$/

function upstream(part: Part, error: UpstreamError): UpstreamError {
  const { service, retryable, retryAfterMs } = error
  return new UpstreamError(`${sayPart(part)}: ${error.message}`, { service, retryable, retryAfterMs, cause: error })
}

/** The second of two plans for one target would not be true any more once the first has run. */
function refuseOverlap(plans: readonly Plan[]): void {
  const labels = plans.map(labelOf)
  const twice = labels.find((label, index) => labels.indexOf(label) !== index)
  if (twice)
    throw new UserError(`${twice} is named twice. One plan changes each target once; ask for the rest when it is done.`)
}
