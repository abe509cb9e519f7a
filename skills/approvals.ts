import { z } from 'zod'
import type { Block } from '../core/card.ts'
import { defineSkill } from '../core/skill.ts'
import { answer, note, operationsTable } from './_shared/answers.ts'

export default defineSkill({
  name: 'approvals',
  summary: 'What waits for your decision, and what of yours waits for others',
  examples: ['approvals', 'what is waiting for me', 'anything to approve?', 'pending approvals'],
  aliases: ['pending', 'waiting for approval'],
  input: z.object({}),
  risk: 'read',

  async run(_input, ctx) {
    const [mine, others] = await Promise.all([ctx.desk.approvalsFor(ctx.person.id), ctx.desk.waitingFor(ctx.person.id)])
    const blocks: Block[] = []
    if (mine.length) blocks.push({ type: 'text', text: [{ bold: 'Waiting for you' }] }, operationsTable(mine))
    else blocks.push(note('good', 'Nothing waits for your approval.'))
    if (others.length)
      blocks.push({ type: 'text', text: [{ bold: 'Yours, waiting for others' }] }, operationsTable(others))
    return answer('Approvals', blocks, {
      actions: mine
        .slice(0, 5)
        .map(({ id }) => ({ verb: 'say', label: `Show ${id}`, style: 'plain', payload: { text: `explain ${id}` } })),
    })
  },
})
