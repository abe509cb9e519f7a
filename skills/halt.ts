import { z } from 'zod'
import { Sentence } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { deskStep } from './_shared/desk-step.ts'

export default defineSkill({
  name: 'halt',
  summary: 'The kill switch: no change starts until somebody says resume',
  examples: ['halt', 'halt because database migration', 'stop everything', 'halt all changes'],
  aliases: ['stop everything', 'kill switch', 'freeze everything'],
  input: z.object({ reason: Sentence('reason').optional() }),
  risk: 'write',
  allow: ['operator', 'approver', 'admin', 'breakglass'],
  inline: true,
  needsNoApproval: true,

  async preview(input, ctx) {
    const halted = await ctx.desk.halted()
    return {
      input: { reason: input.reason },
      targets: [],
      summary: 'Halt: no change starts until somebody says resume',
      changes: [{ target: 'all changes', field: 'kill switch', from: halted ? 'halted' : 'going', to: 'halted' }],
      undo: { skill: 'resume', input: {}, says: 'Resume' },
      steps: ['halt'],
      alreadySo: halted ? `Changes are already halted by ${halted.by}.` : undefined,
    }
  },

  async run(plan, ctx) {
    const { reason } = z.object({ reason: z.string().optional() }).parse(plan.input)
    const { stopped } = await deskStep(ctx, 'halt', async (desk, mark) => ({
      stopped: (await desk.halt(mark, reason)).stopped,
    }))
    const held =
      stopped === 0
        ? 'Nothing was waiting to start.'
        : `${stopped} ${stopped === 1 ? 'operation waits' : 'operations wait'}.`
    return { ok: true, says: `Halted. ${held} What already runs goes on; cancel it where it should not.` }
  },
})
