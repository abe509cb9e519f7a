import { z } from 'zod'
import { Incident, Sentence } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'acknowledge',
  summary: 'Say that you are on an incident',
  examples: ['acknowledge INC-142', 'ack inc-142, looking into it', 'acknowledge incident 142 because I am on it'],
  aliases: ['ack'],
  input: z.object({ incident: Incident, reason: Sentence('reason').optional() }),
  risk: 'write',
  notYet: 'Incidents are not kept here yet: use your paging system meanwhile.',
})
