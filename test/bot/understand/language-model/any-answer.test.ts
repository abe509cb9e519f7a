import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parametersOf } from '../../../../bot/understand/parameters.ts'
import { isReady } from '../../../../core/interpretation.ts'
import { isChange } from '../../../../core/skill.ts'
import { loadSpokenSkills } from '../../../../core/skill-set.ts'
import { read, shop } from '../shop.ts'
import { optionsOfMira, type Reading, startReading } from './reading.ts'

const skills = await loadSpokenSkills(new URL('../../../../skills', import.meta.url).pathname)
const options = { ...optionsOfMira, skills }
const changes = new Set(skills.filter(isChange).map(({ name }) => name))

let reading: Reading
beforeAll(async () => {
  reading = await startReading()
})
afterAll(() => reading.fake.close())

const PLAUSIBLE: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  service: fc.constantFrom(...shop.services.map(({ name }) => name)),
  environment: fc.constantFrom(...shop.environments.map(({ name }) => name)),
  version: fc.constantFrom('1.4.2', 'previous', 'latest', '@staging'),
  replicas: fc.constantFrom(4, '+2', 'x2', 0),
  number: fc.integer({ min: 2, max: 9 }),
  duration: fc.constantFrom('2h', '30m'),
  operation: fc.constant('op-7f3k9m2q'),
  record: fc.constant('op-7f3k9m2q'),
  incident: fc.constant('INC-142'),
  person: fc.constantFrom('jonas', 'sam'),
  moment: fc.constant('friday 18:00'),
}
/** Everything a skill asks for, well made and made up, or nonsense in its place. */
const call = fc.constantFrom(...skills).chain((skill) =>
  fc.record({
    tool: fc.oneof(
      { weight: 15, arbitrary: fc.constant(skill.name) },
      { weight: 1, arbitrary: fc.constantFrom('ask', 'no_request', 'toString', '') },
    ),
    arguments: fc.record(
      Object.fromEntries(
        parametersOf(skill).map(({ name, kind, choices, optional }) => {
          const plausible = PLAUSIBLE[kind] ?? fc.constantFrom(...(choices.length > 0 ? choices : ['mach mal alles']))
          const wild = { weight: 1, arbitrary: fc.jsonValue() }
          return [
            name,
            fc.oneof(
              { weight: 12, arbitrary: plausible },
              { weight: optional ? 12 : 1, arbitrary: fc.constant(null) },
              wild,
            ),
          ]
        }),
      ),
    ),
  }),
)

test('whatever a model answers, nothing throws, and no change to a place is ready that nobody named', async () => {
  let round = 0
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        { weight: 4, arbitrary: call.map((one) => [one]) },
        { weight: 1, arbitrary: fc.array(call, { maxLength: 3 }) },
      ),
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
