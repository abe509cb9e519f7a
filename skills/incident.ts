import { z } from 'zod'
import { Incident } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'incident',
  summary: 'One incident: what happened, who is on it',
  examples: ['incident INC-142', 'show me inc-142', 'what do we know about incident 142?'],
  input: z.object({ id: Incident }),
  risk: 'read',
  notYet: 'Incidents are not kept here yet: use your paging system meanwhile.',
})
