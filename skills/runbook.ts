import { z } from 'zod'
import { Sentence, Variables } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'runbook',
  summary: 'Run a written procedure step by step',
  examples: [
    'runbook drain-node pool=blue',
    'runbook failover-db',
    'run the runbook rotate-certs with region=eu days=30',
  ],
  input: z.object({ name: Sentence('name'), variables: Variables.optional() }),
  risk: 'write',
  notYet: 'Runbooks cannot be run from here yet: follow it by hand meanwhile.',
})
