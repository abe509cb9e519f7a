import { z } from 'zod'
import type { Block, StepLine, Text } from '../core/card.ts'
import { UserError } from '../core/errors.ts'
import { parseRequestId, type RequestId } from '../core/ids.ts'
import { RecordId } from '../core/parameters.ts'
import type { OperationDetail } from '../core/ports/desk.ts'
import { defineSkill, type ReadContext } from '../core/skill.ts'
import { isTerminal, STATE_WORDS } from '../core/states.ts'
import { answer, note } from './_shared/answers.ts'
import { findOperation } from './_shared/operations.ts'
import { trailBlock } from './_shared/trail.ts'

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
    const request = parseRequestId(id)
    const became = request && (await ctx.desk.trail(request))?.operation
    if (request && !became) return explainRequest(ctx, request)
    const operation = await findOperation(ctx.desk, became ?? id)
    const trail = await ctx.desk.trail(operation.requestId)
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
    if (operation.toReview)
      blocks.push(
        note(
          'bad',
          'The glass was broken for it, and nobody has reviewed that yet; the card that says so has the button.',
        ),
      )
    if (operation.steps.length) blocks.push({ type: 'steps', steps: operation.steps.map((step) => stepLine(step)) })
    if (trail) blocks.push({ type: 'text', text: [{ bold: 'Its way' }] }, trailBlock(trail))
    blocks.push({ type: 'text', text: [{ bold: 'Timeline' }] })
    blocks.push({
      type: 'table',
      columns: ['When', 'Who', 'What'],
      rows: operation.audit.map((row): Text[] => [
        [{ time: row.at.toISOString(), show: 'clock' }],
        row.actor,
        withoutSummary(row.says, operation.summary),
      ]),
    })
    const { undo } = operation.plan
    blocks.push({ type: 'text', text: 'impossible' in undo ? undo.impossible : `To undo: ${undo.says}.` })
    return answer(`${operation.summary}: ${operation.dryRun ? 'dry run' : STATE_WORDS[operation.state]}`, blocks, {
      footer: [{ code: operation.id }, ' · ', { code: operation.requestId }],
      tone: operation.state === 'succeeded' ? 'good' : isTerminal(operation.state) ? 'neutral' : 'busy',
      // Of an operation that is not over, whoever may decide on it gets its own card beside this one.
      operationId: isTerminal(operation.state) ? undefined : operation.id,
    })
  },
})

/** A request that became no operation is its speaker's own affair; an admin may look when something is wrong with it. */
async function explainRequest({ desk, person }: ReadContext, id: RequestId) {
  const trail = await desk.trail(id)
  const isAdmin = person.grants.some(({ role }) => role === 'admin')
  if (!trail || (trail.by?.id !== person.id && !isAdmin))
    throw new UserError(`There is no request ${id} of yours. Somebody else's can be explained to an admin only.`)
  const who = trail.by?.name ?? 'somebody nobody knows here'
  const said: Block = { type: 'quote', source: `said by ${who}`, text: trail.said }
  return answer(`A request on ${trail.surface}: ${trail.outcome ?? 'not answered yet'}`, [said, trailBlock(trail)], {
    footer: [{ code: id }],
  })
}

/** The summary is the card's title; repeated in each line it leaves no room for what the line tells. */
function withoutSummary(says: string, summary: string): string {
  const state = `${summary}: `
  if (says.startsWith(state)) return says.charAt(state.length).toUpperCase() + says.slice(state.length + 1)
  return says.startsWith(`${summary}. `) ? says.slice(summary.length + 2) : says.replace(summary, 'it')
}

function stepLine(step: OperationDetail['steps'][number]): StepLine {
  const detail: Text = step.says
    ? [step.says, ' · ', { time: step.at.toISOString(), show: 'clock' }]
    : [{ time: step.at.toISOString(), show: 'clock' }]
  return { name: step.name, state: STEP_STATES[step.state], detail }
}
