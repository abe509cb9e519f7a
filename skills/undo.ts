import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { Operation } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { isTerminal, STATE_WORDS } from '../core/states.ts'
import { findOperation } from './_shared/operations.ts'

export default defineSkill({
  name: 'undo',
  summary: 'Take back what a finished operation changed, through the same gate',
  examples: ['undo op-7f3k9m2q', 'undo operation op-7f3k9m2q', 'take back op-7f3k9m2q'],
  aliases: ['take back'],
  input: z.object({ operation: Operation }),
  risk: 'write',
  allow: ['operator'],

  async preview(input, ctx) {
    const operation = await findOperation(ctx.desk, input.operation)
    if (!isTerminal(operation.state)) {
      throw new UserError(`${operation.id} is ${STATE_WORDS[operation.state]}, so there is nothing to undo.`)
    }
    const { undo } = operation.plan
    if ('impossible' in undo) throw new UserError(undo.impossible)
    return ctx.planOf(undo.skill, undo.input)
  },
  // The plan it returns is the other skill's, and so is the run.
  async run() {
    throw new Error('undo runs as the skill that takes the change back')
  },
})
