import { z } from 'zod'
import { Choice, Money, Scope } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'budget',
  summary: 'Set how much may be spent',
  examples: [
    'budget checkout 500 EUR month',
    'budget all 20k USD per quarter',
    'set the budget of the payments team to 3000 dollars a month',
  ],
  input: z.object({
    scope: Scope,
    amount: Money,
    period: Choice('period', ['day', 'week', 'month', 'quarter', 'year'], {
      daily: 'day',
      weekly: 'week',
      monthly: 'month',
      quarterly: 'quarter',
      yearly: 'year',
      annual: 'year',
      annually: 'year',
    }),
  }),
  risk: 'write',
  notYet: 'No bill is read here yet: ask your cloud’s billing pages meanwhile.',
})
