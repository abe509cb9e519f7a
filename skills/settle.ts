import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { parseOperationId } from '../core/ids.ts'
import { Choice, Operation, Sentence } from '../core/parameters.ts'
import { SETTLE_OUTCOMES } from '../core/ports/desk.ts'
import { defineSkill } from '../core/skill.ts'
import { STATE_WORDS } from '../core/states.ts'
import { deskStep } from './_shared/desk-step.ts'
import { findOperation, targetsOf } from './_shared/operations.ts'

const SAID_AS = {
  success: 'succeeded',
  successful: 'succeeded',
  'a success': 'succeeded',
  completed: 'succeeded',
  failure: 'failed',
  'a failure': 'failed',
  unsuccessful: 'failed',
  'taken back': 'rolled_back',
  reverted: 'rolled_back',
  canceled: 'cancelled',
  aborted: 'cancelled',
} as const

export default defineSkill({
  name: 'settle',
  summary: 'Say how an operation ended that needs a person to look',
  examples: [
    'settle op-7f3k9m2q succeeded',
    'settle op-7f3k9m2q as failed',
    'settle op-7f3k9m2q rolled_back because put back by hand',
  ],
  input: z.object({
    operation: Operation,
    outcome: Choice('outcome', SETTLE_OUTCOMES, SAID_AS),
    reason: Sentence('reason').optional(),
  }),
  risk: 'write',
  allow: ['operator', 'admin'],
  inline: true,
  needsNoApproval: true,

  async preview(input, ctx) {
    const operation = await findOperation(ctx.desk, input.operation)
    if (operation.state !== 'needs_human') {
      throw new UserError(
        `${operation.id} is ${STATE_WORDS[operation.state]}; only an operation that needs a person can be settled.`,
      )
    }
    return {
      input: { operation: operation.id, outcome: input.outcome, reason: input.reason },
      targets: targetsOf(operation),
      summary: `Settle ${operation.id} as ${STATE_WORDS[input.outcome]}`,
      changes: [{ target: operation.id, field: 'state', from: 'needs_human', to: input.outcome }],
      undo: { impossible: 'What a person settled stays so.' },
      steps: ['settle'],
    }
  },

  async run(plan, ctx) {
    const input = z
      .object({ operation: z.string(), outcome: z.enum(SETTLE_OUTCOMES), reason: z.string().optional() })
      .parse(plan.input)
    const id = parseOperationId(input.operation)
    if (!id) throw new Error('the approved plan names no operation')
    await deskStep(ctx, 'settle', async (desk, mark) => {
      await desk.settle(mark, id, input.outcome, input.reason)
      return null
    })
    return { ok: true, says: `${id} is settled as ${STATE_WORDS[input.outcome]}.` }
  },
})
