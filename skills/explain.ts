import { z } from 'zod'
import type { Block, StepLine, Text } from '../core/card.ts'
import { UserError } from '../core/errors.ts'
import { RecordId } from '../core/parameters.ts'
import type { OperationDetail } from '../core/ports/desk.ts'
import { defineSkill } from '../core/skill.ts'
import { isTerminal, STATE_WORDS } from '../core/states.ts'
import { answer, note } from './_shared/answers.ts'
import { findOperation } from './_shared/operations.ts'

const STEP_STATES = { intent: 'doing', done: 'done', failed: 'failed', unknown: 'unknown' } as const

export default defineSkill({
  name: 'explain',
  summary: 'The whole story of an operation: what was said, planned, decided, done',
  examples: ['explain op-7f3k9m2q', 'what happened in op-7f3k9m2q', 'show op-7f3k9m2q'],
  aliases: ['show', 'what happened', 'details', 'why'],
  input: z.object({ id: RecordId }),
  risk: 'read',

  async run({ id }, ctx) {
    if (/^inc-/i.test(id))
      throw new UserError('Incidents are not kept here yet; explain knows operations, like op-7f3k9m2q.')
    const operation = await findOperation(ctx.desk, id)
    const blocks: Block[] = [
      { type: 'quote', source: `said by ${operation.requestedBy.name}`, text: operation.said },
      {
        type: 'changes',
        changes: operation.plan.changes.map(({ target, field, from, to }) => ({
          target,
          field,
          from: String(from ?? 'none'),
          to: String(to ?? 'none'),
        })),
      },
    ]
    if (operation.says) blocks.push(note(operation.state === 'succeeded' ? 'good' : 'info', operation.says))
    if (operation.steps.length) blocks.push({ type: 'steps', steps: operation.steps.map((step) => stepLine(step)) })
    blocks.push({ type: 'text', text: [{ bold: 'Timeline' }] })
    blocks.push({
      type: 'table',
      columns: ['When', 'Who', 'What'],
      rows: operation.audit.map((row): Text[] => [
        [{ time: row.at.toISOString(), show: 'clock' }],
        row.actor,
        row.says,
      ]),
    })
    const { undo } = operation.plan
    blocks.push({ type: 'text', text: 'impossible' in undo ? undo.impossible : `To undo: ${undo.says}.` })
    return answer(`${operation.summary}: ${STATE_WORDS[operation.state]}`, blocks, {
      footer: [{ code: operation.id }],
      tone: operation.state === 'succeeded' ? 'good' : isTerminal(operation.state) ? 'neutral' : 'busy',
    })
  },
})

function stepLine(step: OperationDetail['steps'][number]): StepLine {
  const detail: Text = step.says
    ? [step.says, ' · ', { time: step.at.toISOString(), show: 'clock' }]
    : [{ time: step.at.toISOString(), show: 'clock' }]
  return { name: step.name, state: STEP_STATES[step.state], detail }
}
