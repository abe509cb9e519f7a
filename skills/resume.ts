import { z } from 'zod'
import { defineSkill } from '../core/skill.ts'
import { deskStep } from './_shared/desk-step.ts'

export default defineSkill({
  name: 'resume',
  summary: 'Let changes start again after a halt',
  examples: ['resume', 'resume changes', 'unhalt'],
  aliases: ['unhalt', 'unfreeze'],
  input: z.object({}),
  risk: 'write',
  allow: ['approver', 'admin'],
  inline: true,
  needsNoApproval: true,

  async preview(_input, ctx) {
    const halted = await ctx.desk.halted()
    return {
      input: {},
      targets: [],
      summary: 'Resume: changes may start again',
      changes: [{ target: 'all changes', field: 'kill switch', from: halted ? 'halted' : 'going', to: 'going' }],
      undo: { skill: 'halt', input: {}, says: 'Halt again' },
      steps: ['resume'],
      alreadySo: halted ? undefined : 'Changes are not halted.',
    }
  },

  async run(_plan, ctx) {
    await deskStep(ctx, 'resume', async (desk, mark) => {
      await desk.resume(mark)
      return null
    })
    return { ok: true, says: 'Changes may start again; what was waiting goes on.' }
  },
})
