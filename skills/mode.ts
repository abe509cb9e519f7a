import { z } from 'zod'
import { Choice, Environment } from '../core/parameters.ts'
import { MODES } from '../core/ports/desk.ts'
import { defineSkill } from '../core/skill.ts'
import { deskStep } from './_shared/desk-step.ts'
import { findEnvironment } from './_shared/targets.ts'

const EVERYWHERE = 'everywhere'

export default defineSkill({
  name: 'mode',
  summary: 'How much may happen: read-only, suggest, review or autonomous; everywhere or in one environment',
  examples: ['mode read-only production', 'set the mode to suggest in staging', 'mode review'],
  input: z.object({ name: Choice('mode', MODES), scope: Environment.optional() }),
  risk: 'write',
  allow: ['admin'],
  inline: true,
  needsNoApproval: true,

  async preview(input, ctx) {
    const scope = input.scope && input.scope !== EVERYWHERE ? findEnvironment(ctx.catalog, input.scope).name : undefined
    const modes = await ctx.desk.modes()
    const from = modes.scoped.find((entry) => entry.scope === scope)?.mode ?? modes.everywhere
    const place = scope ?? EVERYWHERE
    return {
      input: { name: input.name, scope },
      targets: scope ? [{ environment: scope }] : [],
      summary: `Mode ${input.name} ${scope ? `in ${scope}` : EVERYWHERE}`,
      changes: [{ target: place, field: 'mode', from, to: input.name }],
      undo: { skill: 'mode', input: { name: from, scope }, says: `Back to ${from}` },
      steps: ['set mode'],
      alreadySo: from === input.name ? `The mode ${scope ? `in ${scope}` : EVERYWHERE} is already ${from}.` : undefined,
    }
  },

  async run(plan, ctx) {
    const { name, scope } = z.object({ name: z.enum(MODES), scope: z.string().optional() }).parse(plan.input)
    await deskStep(ctx, 'set mode', async (desk, mark) => {
      await desk.setMode(mark, name, scope ?? '*')
      return null
    })
    return { ok: true, says: `The mode ${scope ? `in ${scope}` : EVERYWHERE} is now ${name}.` }
  },
})
