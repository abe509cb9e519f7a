import { z } from 'zod'
import type { Block, Text } from '../core/card.ts'
import type { Grant } from '../core/person.ts'
import { defineSkill } from '../core/skill.ts'
import { answer, note } from './_shared/answers.ts'

export default defineSkill({
  name: 'whoami',
  summary: 'Who you are here: your roles, your accounts, who acts for you',
  examples: ['whoami', 'who am I?', 'what are my roles', 'what may I do'],
  aliases: ['my roles', 'my rights'],
  input: z.object({}),
  risk: 'read',

  async run(_input, ctx) {
    const { person } = ctx
    const [delegations, people] = await Promise.all([ctx.desk.delegations(), ctx.desk.people()])
    const nameOf = (id: string) => people.find((other) => other.id === id)?.name ?? id
    const facts: { label: string; value: Text }[] = [
      {
        label: 'Accounts',
        value: person.accounts.map((account) => `${account.surface}:${account.id}`).join(', ') || 'none',
      },
      { label: 'Time zone', value: person.timezone },
    ]
    for (const { from, to, until } of delegations) {
      const when = { time: until.toISOString(), show: 'clock' } as const
      if (from === person.id) facts.push({ label: 'Your deputy', value: [`${nameOf(to)} until `, when] })
      if (to === person.id) facts.push({ label: 'You act for', value: [`${nameOf(from)} until `, when] })
    }
    const roles: Block = person.grants.length
      ? {
          type: 'table',
          columns: ['Role', 'Environments', 'Teams'],
          rows: person.grants.map((grant) => [grant.role, scope(grant.environments), scope(grant.teams)]),
        }
      : note('warn', 'You have no role here yet. An admin can give you one.')
    return answer(person.name, [{ type: 'facts', facts }, roles])
  },
})

function scope(values: Grant['environments']): string {
  return values.includes('*') ? 'all' : values.join(', ') || 'none'
}
