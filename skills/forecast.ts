import { z } from 'zod'
import { Choice, Period, Service } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'forecast',
  summary: 'What load or cost is to be expected',
  examples: [
    'forecast load checkout next week',
    'forecast cost next month',
    'how much will payments cost next quarter?',
  ],
  aliases: ['predict'],
  input: z.object({
    what: Choice('what', ['load', 'cost'], {
      traffic: 'load',
      requests: 'load',
      demand: 'load',
      capacity: 'load',
      busy: 'load',
      users: 'load',
      usage: 'load',
      pods: 'load',
      costs: 'cost',
      spend: 'cost',
      pay: 'cost',
      money: 'cost',
      expensive: 'cost',
      expenses: 'cost',
      budget: 'cost',
      spending: 'cost',
      bill: 'cost',
    }),
    service: Service.optional(),
    period: Period('period').optional(),
  }),
  risk: 'read',
  notYet: 'Nothing is forecast here yet: neither load nor cost is measured long enough.',
})
