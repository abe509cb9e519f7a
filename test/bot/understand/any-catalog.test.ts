import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { understand } from '../../../bot/understand/understand.ts'
import { isReady } from '../../../core/interpretation.ts'
import { isChange } from '../../../core/skill.ts'
import { makeCatalog } from '../../_harness/catalog.ts'
import { named, now, said, spoken, typed, wharf } from './wharf.ts'

const part = fc.oneof(
  fc.stringMatching(/^[a-z]{3,9}$/),
  fc.stringMatching(/^[a-z]{2,6}[0-9]{1,3}$/),
  fc.constantFrom('größe', 'año', 'кран', '港口', 'éclair', 'smörgås'),
)
// A prefix keeps a made-up name from being a word of the command itself.
const name = (prefix: string) =>
  fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `${prefix}-${parts.join('-')}`)
const catalogs = fc
  .tuple(
    fc.uniqueArray(name('zq'), { minLength: 2, maxLength: 6 }),
    fc.uniqueArray(name('xw'), { minLength: 2, maxLength: 4 }),
  )
  .map(([services, environments]) =>
    makeCatalog(
      services.map((one) => named.service(one, 'any')),
      environments.map((one) => named.environment(one)),
    ),
  )

const OTHERS: Readonly<Record<string, string>> = {
  version: '1.4.2',
  replicas: '4',
  min: '2',
  max: '5',
  operation: 'op-7f3k9m2q',
  for: '2h',
}
const placed = spoken.filter((skill) =>
  ['deploy', 'scale', 'autoscale', 'restart', 'lock', 'unlock', 'rightsize', 'rollback', 'logs'].includes(skill.name),
)
const wanted = (skill: (typeof spoken)[number]) =>
  Object.entries(skill.input.shape)
    .filter(([, schema]) => !schema.safeParse(undefined).success)
    .map(([key]) => key)

describe('any catalog', () => {
  it('is read back exactly by every command form', () => {
    fc.assert(
      fc.property(catalogs, fc.constantFrom(...placed), fc.nat(), fc.nat(), (catalog, skill, first, second) => {
        const service = catalog.services[first % catalog.services.length]?.name ?? ''
        const environment = catalog.environments[second % catalog.environments.length]?.name ?? ''
        const values: Record<string, string> = { ...OTHERS, service, environment }
        const keys = wanted(skill)
        const forms = [
          `${skill.name} ${keys.map((key) => values[key]).join(' ')}`,
          `${skill.name} ${keys.map((key) => `${key}=${values[key]}`).join(' ')}`,
          `${skill.name} ${keys
            .toReversed()
            .map((key) => `--${key} ${values[key]}`)
            .join(' ')}`,
          `${skill.name} ${keys.map((key) => (key === 'environment' ? `in ${environment}` : values[key])).join(' ')}.`,
          `${skill.name} ${keys.map((key) => (key === 'service' ? service.toUpperCase() : values[key])).join(' ')}`,
        ]
        for (const text of forms)
          expect(typed(text, catalog), text).toMatchObject({
            input: { service, environment },
            missing: [],
            ambiguous: [],
            invalid: [],
          })
      }),
      { numRuns: 400 },
    )
  })

  it('is read back exactly in plain sentences, in the order it was said', () => {
    fc.assert(
      fc.property(catalogs, (catalog) => {
        const services = catalog.services.map((one) => one.name)
        const environment = catalog.environments[0]?.name ?? ''
        const found = said('restart', `please restart ${services.join(' and ')} in ${environment}`, catalog)
        expect(found.input).toEqual({ service: services, environment })
        expect(found.ambiguous).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('never has a name bent into it from farther than two slips', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[b-df-hj-np-tv-z]{10,14}$/), (word) => {
        const found = said('restart', `restart ${word} in canal`)
        expect(found.bent).toBe(0)
        expect([...found.missing, ...found.invalid, ...found.ambiguous]).toContain('service')
      }),
      { numRuns: 300 },
    )
  })
})

describe('any text', () => {
  const changes = new Set(spoken.filter(isChange).map((skill) => skill.name))
  const read = (text: string) => understand(text, { skills: spoken, catalog: wharf, now })

  it('never throws, and of noise comes no change', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 120, unit: 'grapheme' }), fc.string({ maxLength: 120, unit: 'binary' })),
        (text) => {
          const reading = read(text)
          expect(isReady(reading) && changes.has(reading.skill ?? '')).toBe(false)
        },
      ),
      { numRuns: 5_000 },
    )
  })

  it('never throws for the words of values in any order', () => {
    const words = fc.constantFrom(
      ...'budget digest costs declare page runbook autoscale promote silence 3k € EUR $ 2.500 /month last month past two weeks q3 october from 1 to 15 every monday morning at 9 half a dozen twice as many 50% #ops <#C1|x> <@U0MAREK01> inc 142 a=b "x y" a=" vs than the since until end of day what runs in canal as same manifest , : ; - 3-10 3..'.split(
        ' ',
      ),
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 16 }), (list) => {
        for (const skill of [
          'budget',
          'digest',
          'costs',
          'declare',
          'runbook',
          'autoscale',
          'scale',
          'deploy',
          'logs',
          'promote',
        ])
          said(skill, list.join(' '))
        expect(read(list.join(' ')).text).toBe(list.join(' '))
      }),
      { numRuns: 300 },
    )
  })

  it('comes to an end on repeats', () => {
    for (const unit of [
      'a month ',
      'every ',
      'monday and ',
      '3 000 ',
      'the last ',
      'a=',
      '<https://',
      'as same ',
      '1-',
      'what is ',
      '$',
      '"',
      "'a ",
      '->',
      '<@U1> ',
      'half a ',
      'two hundred and ',
    ])
      for (const verb of ['', 'budget ', 'digest ', 'costs ', 'deploy ', 'runbook x '])
        expect(isReady(read(verb + unit.repeat(8_000 / unit.length))) && changes.has(verb.trim())).toBe(false)
  })
})
