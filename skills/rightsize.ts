import { z } from 'zod'
import { Environment, Service } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'rightsize',
  summary: 'Fit what a service asks for to what it uses',
  examples: [
    'rightsize checkout in production',
    'rightsize search staging',
    'trim the requests of cart in dev to what it really uses',
  ],
  aliases: ['right-size'],
  input: z.object({ service: Service, environment: Environment }),
  risk: 'write',
  notYet: 'Requests and limits cannot be changed from here yet: nothing measures their use.',
})
