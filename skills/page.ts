import { z } from 'zod'
import { PersonName, Sentence, Service } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'page',
  summary: 'Call whoever is on call for a service, or a person',
  examples: [
    'page payments "checkout cannot charge cards"',
    'page jonas: the database fills up',
    'page whoever is on call for search, answers are slow',
  ],
  input: z
    .object({ service: Service.optional(), person: PersonName.optional(), message: Sentence('message') })
    .refine(({ service, person }) => service !== undefined || person !== undefined, {
      message: 'Say which service or person to page',
      path: ['service'],
    }),
  risk: 'write',
  notYet: 'Nobody can be paged from here yet: call them, or use your paging system.',
})
