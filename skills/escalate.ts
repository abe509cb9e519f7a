import { z } from 'zod'
import { Incident, Sentence } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'escalate',
  summary: 'Bring the next person to an incident',
  examples: ['escalate INC-142', 'escalate inc-142 because nobody answers', 'escalate incident 142'],
  input: z.object({ incident: Incident, reason: Sentence('reason').optional() }),
  risk: 'write',
  notYet: 'Incidents are not kept here yet: use your paging system meanwhile.',
})
