import { z } from 'zod'
import type { Block, Text } from '../core/card.ts'
import { UserError } from '../core/errors.ts'
import { Duration, durationMs, Environment, Sentence, Service, sayDuration } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { deskStep } from './_shared/desk-step.ts'
import { findPlace } from './_shared/targets.ts'

export default defineSkill({
  name: 'lock',
  summary: 'Keep everybody else from changing a service in an environment',
  examples: [
    'lock checkout in production',
    'lock cart in staging because load test for 2 hours',
    'lock payments prod for 30m',
  ],
  aliases: ['reserve', 'hold'],
  input: z.object({
    service: Service,
    environment: Environment,
    reason: Sentence('reason').optional(),
    for: Duration.optional(),
  }),
  risk: 'write',
  allow: ['operator'],
  inline: true,
  // Holding others back harms nothing that runs, and must not wait.
  needsNoApproval: true,

  async preview(input, ctx) {
    const place = findPlace(ctx.catalog, input)
    const [held] = await ctx.desk.locks(place.ref)
    if (held && held.by.id !== ctx.person.id) {
      throw new UserError(
        `${place.says} is already locked by ${held.by.name}${held.reason ? ` (${held.reason})` : ''}. Ask them, or an admin, to unlock it.`,
      )
    }
    const holdMs = input.for ? durationMs(input.for) : undefined
    const span = holdMs ? ` for ${sayDuration(holdMs)}` : ' until unlocked'
    const { service, environment } = place.ref
    return {
      input: { service, environment, reason: input.reason, for: input.for },
      targets: [place.target],
      summary: `Lock ${place.says}${span}`,
      changes: [
        {
          target: place.says,
          field: 'lock',
          from: held ? `held by ${held.by.name}` : 'none',
          to: `held by ${ctx.person.name}${span}`,
        },
      ],
      undo: { skill: 'unlock', input: { service, environment }, says: 'Unlock it' },
      steps: ['lock'],
      evidence: factsOf(input.reason, holdMs ? new Date(ctx.now().getTime() + holdMs) : undefined),
    }
  },

  async run(plan, ctx) {
    const input = z
      .object({
        service: z.string(),
        environment: z.string(),
        reason: z.string().optional(),
        for: z.string().optional(),
      })
      .parse(plan.input)
    const since = await ctx.observe('note the time', async () => ctx.now().toISOString())
    const holdMs = input.for ? durationMs(input.for) : undefined
    const until = holdMs ? new Date(Date.parse(since) + holdMs) : undefined
    const { service, environment, reason } = input
    await deskStep(ctx, 'lock', async (desk, mark) => {
      await desk.lock(mark, { service, environment, reason, until })
      return null
    })
    const says = `${service} in ${environment} is locked by ${ctx.person.name}.`
    return { ok: true, says, evidence: factsOf(reason, until) }
  },
})

function factsOf(reason: string | undefined, until: Date | undefined): readonly Block[] {
  const facts: { label: string; value: Text }[] = []
  if (reason) facts.push({ label: 'Reason', value: reason })
  if (until) facts.push({ label: 'Until', value: [{ time: until.toISOString(), show: 'clock' }] })
  return facts.length > 0 ? [{ type: 'facts', facts }] : []
}
