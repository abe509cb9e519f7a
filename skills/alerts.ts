import { z } from 'zod'
import { Choice, Service } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'alerts',
  summary: 'What is firing now',
  examples: ['alerts', 'alerts payments', 'which critical alerts are firing for checkout?'],
  aliases: ['firing'],
  input: z.object({
    service: Service.optional(),
    severity: Choice('severity', ['critical', 'warning', 'info'], {
      warn: 'warning',
      warnings: 'warning',
      crit: 'critical',
      criticals: 'critical',
      informational: 'info',
    }).optional(),
  }),
  risk: 'read',
  notYet:
    'No alerts reach me yet. Look at Alertmanager or your monitoring meanwhile; "status" shows what the cluster says.',
})
