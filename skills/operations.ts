import { z } from 'zod'
import { Choice } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { OPERATION_STATES } from '../core/states.ts'
import { answer, note, operationsTable } from './_shared/answers.ts'

const SHOWN = 20
const SAID_AS = {
  'in flight': 'open',
  'in progress': 'open',
  'still going': 'open',
  'under way': 'open',
  underway: 'open',
  ongoing: 'open',
  unfinished: 'open',
  'need a human': 'needs_human',
  'needs a human': 'needs_human',
  'need human': 'needs_human',
  done: 'finished',
  ended: 'finished',
  'waiting for approval': 'awaiting_approval',
  canceled: 'cancelled',
} as const

export default defineSkill({
  name: 'operations',
  summary: 'What is going on now and what ended lately',
  examples: ['operations', 'operations running', 'what is going on right now', 'operations failed'],
  aliases: ['ops', 'what is running', 'running operations'],
  input: z.object({ state: Choice('state', ['open', 'finished', ...OPERATION_STATES], SAID_AS).optional() }),
  risk: 'read',

  async run({ state }, ctx) {
    const found = await ctx.desk.operations({ state, limit: SHOWN + 1 })
    const shown = found.slice(0, SHOWN)
    const which = state ? ` that are ${state.replaceAll('_', ' ')}` : ''
    if (shown.length === 0) return answer('Operations', [note('info', `There are no operations${which}.`)])
    const blocks = [operationsTable(shown)]
    if (found.length > SHOWN)
      return answer(`Operations${which}`, [...blocks, note('info', `Only the newest ${SHOWN} are shown.`)])
    return answer(`Operations${which}`, blocks)
  },
})
