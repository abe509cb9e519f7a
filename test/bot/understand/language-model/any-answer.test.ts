import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isReady } from '../../../../core/interpretation.ts'
import { isChange } from '../../../../core/skill.ts'
import { loadSpokenSkills } from '../../../../core/skill-set.ts'
import { read, shop } from '../shop.ts'
import { optionsOfMira, type Reading, startReading } from './reading.ts'

const skills = await loadSpokenSkills(new URL('../../../../skills', import.meta.url).pathname)
const options = { ...optionsOfMira, skills }
const changes = new Set(skills.filter(isChange).map(({ name }) => name))
const parameters = [...new Set(skills.flatMap(({ input }) => Object.keys(input.shape)))]

let reading: Reading
beforeAll(async () => {
  reading = await startReading()
})
afterAll(() => reading.fake.close())

const name = fc.constantFrom(...shop.services.map((service) => service.name))
const place = fc.constantFrom(...shop.environments.map((environment) => environment.name))
const value = fc.oneof(
  name,
  place,
  fc.constantFrom('1.4.2', 'previous', '2h', 4, '+2', 'x2', null, true, 'op-7f3k9m2q'),
  fc.jsonValue(),
)
const call = fc.record({
  tool: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...skills.map((skill) => skill.name)) },
    { weight: 1, arbitrary: fc.constantFrom('ask', 'no_request', 'toString', '') },
  ),
  arguments: fc.dictionary(fc.oneof(fc.constantFrom(...parameters, 'unclear', '__proto__'), fc.string()), value, {
    maxKeys: 6,
  }),
})

test('whatever a model answers, nothing throws, and no change to a place is ready that nobody named', async () => {
  let round = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(call, { maxLength: 3 }),
      fc.constantFrom('mach mal', 'bitte alles neu', 'ok, weiter so', 'それをお願いします'),
      async (calls, text) => {
        reading.fake.answers = () => calls
        // Words of its own each time, or the answer before would be remembered.
        const said = `${text} ${'bla'.repeat(1 + (round++ % 400))}${'x'.repeat(round / 400)}`
        const { interpretation } = await reading.reads(said, { local: { ...read('thanks'), skill: null }, options })
        const { skill, input } = interpretation
        if (!isReady(interpretation) || !changes.has(skill ?? '')) return
        for (const parameter of [
          'service',
          'environment',
          'version',
          'replicas',
          'from',
          'to',
          'operation',
          'incident',
          'person',
          'for',
        ])
          expect(input, `${skill} ${JSON.stringify(input)}`).not.toHaveProperty(parameter)
      },
    ),
    { numRuns: 300 },
  )
})
