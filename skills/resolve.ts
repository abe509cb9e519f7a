import { z } from 'zod'
import { Incident, Sentence } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'resolve',
  summary: 'Close an incident',
  examples: ['resolve INC-142', 'resolve inc-142 because the rollback fixed it', 'incident 142 is over, close it'],
  input: z.object({ incident: Incident, reason: Sentence('reason').optional() }),
  risk: 'write',
  notYet: 'Incidents are not kept here yet: use your paging system meanwhile.',
})
