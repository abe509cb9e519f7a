import { z } from 'zod'
import type { Action, Block, Card } from '../core/card.ts'
import { UserError } from '../core/errors.ts'
import { Sentence } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { answer } from './_shared/answers.ts'

export default defineSkill({
  name: 'help',
  summary: 'What you may do here, with examples from your own services',
  examples: ['help', 'help deploy', 'what can you do?'],
  aliases: ['usage', 'what can you do'],
  input: z.object({ topic: Sentence('topic').optional() }),
  risk: 'read',

  async run({ topic }, ctx) {
    const guide = await ctx.guide.for(ctx.person)
    if (topic) {
      const wanted = topic.toLowerCase().trim()
      const skill = guide.find((entry) => entry.name === wanted)
      if (!skill)
        throw new UserError(`There is no help on "${topic}" for you. Say "help" to see what you may do.`, ['help'])
      return answer(
        skill.name,
        [
          { type: 'text', text: `${skill.summary}.` },
          { type: 'code', text: skill.usage },
          ...(skill.where.length
            ? [{ type: 'text', text: `You may do this in ${skill.where.join(', ')}.` } as const]
            : []),
        ],
        { actions: skill.examples.slice(0, 3).map(sayButton) },
      )
    }
    const group = (title: string, reads: boolean): Block[] => {
      const entries = guide.filter((entry) => (entry.risk === 'read') === reads)
      if (entries.length === 0) return []
      return [
        { type: 'text', text: [{ bold: title }] },
        {
          type: 'table',
          columns: ['Say', 'To'],
          rows: entries.map((entry) => [[{ code: entry.examples[0] ?? entry.name }], entry.summary]),
        },
      ]
    }
    const blocks = [...group('Look', true), ...group('Change', false)]
    return answer('What you may do', blocks, {
      footer: 'Say it in plain words, or "help deploy" for one of them. Add "dry run" to see a plan only.',
    }) satisfies Card
  },
})

function sayButton(text: string): Action {
  return { verb: 'say', label: text, style: 'plain', payload: { text } }
}
