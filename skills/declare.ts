import { z } from 'zod'
import { Choice, Sentence, Service } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

const SEVERITIES = {
  p1: 'sev1',
  p2: 'sev2',
  p3: 'sev3',
  p4: 'sev4',
  critical: 'sev1',
  major: 'sev2',
  high: 'sev2',
  minor: 'sev3',
  medium: 'sev3',
  low: 'sev4',
} as const

export default declareSkill({
  name: 'declare',
  summary: 'Open an incident and gather people on it',
  examples: [
    'declare "checkout is down" sev1 checkout',
    'declare an incident: payments time out, sev2',
    'open a sev3 incident for search titled "slow answers"',
  ],
  input: z.object({
    title: Sentence('title'),
    severity: Choice('severity', ['sev1', 'sev2', 'sev3', 'sev4'], SEVERITIES).optional(),
    service: Service.optional(),
  }),
  risk: 'write',
  notYet: 'Incidents are not kept here yet: use your paging system meanwhile.',
})
