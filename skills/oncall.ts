import { z } from 'zod'
import { Service } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'oncall',
  summary: 'Who is on call',
  examples: ['oncall', 'oncall payments', 'who is on call for checkout?'],
  aliases: ['on-call', 'on call', 'who is on call'],
  input: z.object({ service: Service.optional() }),
  risk: 'read',
  notYet: 'No rota is connected yet: look into your paging system meanwhile.',
})
