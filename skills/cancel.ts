import { z } from 'zod'
import { parseOperationId } from '../core/ids.ts'
import { Operation } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { isTerminal, STATE_WORDS } from '../core/states.ts'
import { deskStep } from './_shared/desk-step.ts'
import { findOperation, targetsOf } from './_shared/operations.ts'

export default defineSkill({
  name: 'cancel',
  summary: 'Stop an operation; what it had begun is put back',
  examples: ['cancel op-7f3k9m2q', 'stop op-7f3k9m2q', 'abort operation op-7f3k9m2q please'],
  aliases: ['stop', 'abort'],
  input: z.object({ operation: Operation }),
  risk: 'write',
  allow: ['operator', 'approver', 'admin'],
  inline: true,
  needsNoApproval: true,

  async preview(input, ctx) {
    const operation = await findOperation(ctx.desk, input.operation)
    return {
      input: { operation: operation.id },
      targets: targetsOf(operation),
      summary: `Cancel ${operation.id} (${operation.summary})`,
      changes: [{ target: operation.id, field: 'state', from: 'going on', to: 'cancelled' }],
      undo: { impossible: 'A cancelled operation does not go on; ask for it again.' },
      steps: ['cancel'],
      alreadySo: isTerminal(operation.state)
        ? `${operation.id} already ended: ${STATE_WORDS[operation.state]}.`
        : undefined,
    }
  },

  async run(plan, ctx) {
    const id = parseOperationId(z.object({ operation: z.string() }).parse(plan.input).operation)
    if (!id) throw new Error('the approved plan names no operation')
    const { state } = await deskStep(ctx, 'cancel', async (desk, mark) => ({
      state: (await desk.cancel(mark, id)).state,
    }))
    return {
      ok: true,
      says:
        state === 'cancelled'
          ? `${id} is cancelled; nothing had been changed.`
          : `${id} is being stopped; its card says how it ends.`,
    }
  },
})
