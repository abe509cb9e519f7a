import { z } from 'zod'
import { Duration, Sentence, Service } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'silence',
  summary: 'Keep a service’s alerts quiet for a while',
  examples: [
    'silence checkout for 2h because of the database upgrade',
    'silence payments for 30m because of the planned failover',
    'mute the alerts of search for an hour, reason: known flapping probe',
  ],
  aliases: ['mute'],
  input: z.object({ service: Service, for: Duration, reason: Sentence('reason') }),
  risk: 'write',
  notYet: 'Alerts cannot be silenced from here yet: do it in Alertmanager meanwhile.',
})
