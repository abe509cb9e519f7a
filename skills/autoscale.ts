import { z } from 'zod'
import { Environment, REPLICAS_MAX, Service, WholeNumber } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'autoscale',
  summary: 'Let an autoscaler keep a service between two counts of replicas',
  examples: [
    'autoscale checkout in production between 3 and 10',
    'autoscale cart staging min 2 max 6',
    'let search in prod scale itself from 2 to 8 replicas',
  ],
  input: z
    .object({
      service: Service,
      environment: Environment,
      min: WholeNumber('lowest count', REPLICAS_MAX),
      max: WholeNumber('highest count', REPLICAS_MAX),
    })
    .refine(({ min, max }) => min <= max, { message: 'The lowest count is above the highest', path: ['min'] }),
  risk: 'write',
  notYet:
    'Autoscalers cannot be set from here yet. Scale by hand ("scale checkout to 6 in production"), or set the autoscaler with kubectl.',
})
