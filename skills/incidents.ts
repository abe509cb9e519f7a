import { z } from 'zod'
import { Choice } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'incidents',
  summary: 'The incidents that are open, or lately were',
  examples: ['incidents', 'incidents resolved', 'which incidents are open?'],
  input: z.object({
    status: Choice('status', ['open', 'acknowledged', 'resolved'], {
      acked: 'acknowledged',
      active: 'open',
      ongoing: 'open',
      closed: 'resolved',
      unresolved: 'open',
      solved: 'resolved',
    }).optional(),
  }),
  risk: 'read',
  notYet: 'Incidents are not kept here yet: use your paging system meanwhile.',
})
