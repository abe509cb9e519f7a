import { z } from 'zod'
import { Environment, Service } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'promote',
  summary: 'Bring what runs in one environment to another',
  examples: [
    'promote checkout from staging to production',
    'take what runs in staging for cart to prod',
    'promote search dev to staging',
  ],
  aliases: ['graduate'],
  input: z.object({ service: Service, from: Environment, to: Environment }),
  risk: 'write',
  notYet:
    'Promotion is not built yet. Ask for "status" to see which version runs, and deploy that version by its number.',
})
