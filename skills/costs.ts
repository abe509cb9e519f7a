import { z } from 'zod'
import { Period, Scope } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'costs',
  summary: 'What was spent, and on what',
  examples: ['costs', 'costs checkout last month', 'how much did production cost this week compared to last week?'],
  aliases: ['spend', 'cost'],
  input: z.object({
    scope: Scope.optional(),
    period: Period('period').optional(),
    compare: Period('period to compare with').optional(),
  }),
  risk: 'read',
  notYet: 'No bill is read here yet: ask your cloud’s billing pages meanwhile.',
})
