import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNameIndex } from '../../../bot/people/names.ts'
import { loadTrainingExamples } from '../../../bot/understand/training/load.ts'
import { understand } from '../../../bot/understand/understand.ts'
import type { Catalog } from '../../../core/catalog/catalog.ts'
import { editDistance } from '../../../core/catalog/distance.ts'
import { isReady } from '../../../core/interpretation.ts'
import { isChange } from '../../../core/skill.ts'
import { now, people, read, shop, skills } from './shop.ts'

const changes = new Set(skills.filter((skill) => isChange(skill)).map(({ name }) => name))
const changesReady = (text: string) => {
  const reading = read(text)
  return isReady(reading) && changes.has(reading.skill ?? '') ? reading : undefined
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  service: ['checkout', 'cart', 'search', 'payments'],
  environment: ['staging', 'production', 'dev'],
  version: ['1.4.2', 'v2.0.1'],
  previous: ['the previous version'],
  number: ['4', 'six'],
  change: ['3 more', '2 fewer'],
  duration: ['2h', '30 minutes'],
  moment: ['18:00'],
  operation: ['op-7f3k9m2q'],
  incident: ['INC-142'],
  person: ['sam'],
  quoted: ['"it is down"'],
  account: ['slack:U0123ABCD'],
  mode: ['read-only'],
  state: ['failed'],
}

/** The training part's requests for changes, with this shop's names where its values were. */
const requests = loadTrainingExamples()
  .filter(
    ({ label, text }) => changes.has(label) && ![...text.matchAll(/\{(\w+)\}/g)].some(([, kind = '']) => !VALUES[kind]),
  )
  .map(({ text }, index) =>
    text.replace(/\{(\w+)\}/g, (_, kind: string) => VALUES[kind]?.[index % (VALUES[kind]?.length ?? 1)] ?? kind),
  )

const wrappers: readonly (readonly [string, (request: string) => string])[] = [
  ["don't …", (x) => `don't ${x}`],
  ['please never …', (x) => `please never ${x}`],
  ['should we …?', (x) => `should we ${x}?`],
  ['would … help?', (x) => `would it help to ${x}?`],
  ['what if we …', (x) => `what if we ${x}`],
  ['he said …', (x) => `he said ${x}`],
  ['jonas said: …', (x) => `jonas said: ${x}`],
  ['…, he said', (x) => `${x}, he said`],
  ['if it breaks, …', (x) => `if it breaks then ${x}`],
  ['… if the tests are green', (x) => `${x} if the tests are green`],
  ["I'll … tomorrow", (x) => `i'll ${x} tomorrow`],
  ['we are going to …', (x) => `we are going to ${x}`],
  ['"…"', (x) => `they wrote "${x.replaceAll('"', '')}" on the wall`],
  ['> …', (x) => `> ${x}`],
  ['…, just kidding', (x) => `${x}, just kidding`],
]

describe('what is no request stays none', () => {
  it.each(wrappers)('%s', (_, wrap) => {
    fc.assert(
      fc.property(fc.constantFrom(...requests), (request) => {
        expect(changesReady(wrap(request)), wrap(request)).toBeUndefined()
      }),
      { numRuns: 60 },
    )
  })

  it('of a plan that states what may or shall be', () => {
    for (const text of [
      "i'll search may be changed again in dev, unlock tomorrow",
      "i'll production payments needs to go back to v2.0.1, do it tomorrow",
    ])
      expect(changesReady(text), text).toBeUndefined()
  })

  it('noise changes nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 120 }), fc.lorem({ maxCount: 12 }), fc.json({ maxDepth: 2 }), fc.webUrl()),
        (text) => {
          expect(changesReady(text), text).toBeUndefined()
        },
      ),
      { numRuns: 600 },
    )
  })
})

const CONSONANTS = [...'bdfgklmnprstvz']
const VOWELS = [...'aeiou']
const syllable = fc.tuple(fc.constantFrom(...CONSONANTS), fc.constantFrom(...VOWELS)).map((pair) => pair.join(''))
/** Names that are no words: `zukavo-tip`. */
const name = fc.array(syllable, { minLength: 4, maxLength: 5 }).map((parts) => `${parts.join('')}q`)

const catalogOf = (service: string, environment: string): Catalog => {
  const services = shop.services.map((one, index) => (index === 0 ? { ...one, name: service, aliases: [] } : one))
  const environments = shop.environments.map((one, index) =>
    index === 0 ? { ...one, name: environment, aliases: [] } : one,
  )
  return {
    ...shop,
    services,
    environments,
    service: (said) => services.find((one) => one.name === said),
    environment: (said) => environments.find((one) => one.name === said),
  }
}

const patterns: readonly (readonly [string, string, object])[] = [
  ['restart {s} in {e}', 'restart', {}],
  ['could you please restart {s} in {e}, thanks', 'restart', {}],
  ['in {e}, deploy {s} 1.4.2', 'deploy', { version: '1.4.2' }],
  ['put {s} 1.4.2 on {e}', 'deploy', { version: '1.4.2' }],
  ['{e}: scale {s} to 6', 'scale', { replicas: 6 }],
  ['give {s} 3 more pods in {e} for 2 hours', 'scale', { replicas: '+3', for: '2h' }],
  ['roll {s} back in {e}', 'rollback', {}],
  ['lock {s} in {e} for 30m', 'lock', { for: '30m' }],
  ['release the lock on {s} in {e}', 'unlock', {}],
  ['how is {s} doing in {e}?', 'status', {}],
]

describe('any catalog', () => {
  it.each(patterns)('%s', (pattern, skill, rest) => {
    fc.assert(
      fc.property(name, name, (service, environment) => {
        fc.pre(editDistance(service, environment, 4) > 4)
        const text = pattern.replace('{s}', service).replace('{e}', environment)
        const reading = understand(text, {
          skills,
          catalog: catalogOf(service, environment),
          peopleNamed: createNameIndex(people),
          now,
        })
        expect({ skill: reading.skill, input: reading.input, ready: isReady(reading) }, text).toEqual({
          skill,
          input: { service, environment, ...rest },
          ready: true,
        })
      }),
      { numRuns: 15 },
    )
  })

  it('no name is bent into another that is more than two slips away', () => {
    fc.assert(
      fc.property(
        fc.oneof(name, fc.constantFrom('chekout', 'serch', 'paymints', 'cartt', 'catlog', 'webshop', 'orderz')),
        (said) => {
          const reading = changesReady(`please restart ${said} in staging`)
          const service = shop.services.find((one) => one.name === reading?.input.service)
          if (!service) return
          const nearest = Math.min(...[service.name, ...service.aliases].map((one) => editDistance(said, one, 3)))
          expect(nearest, `${said} → ${service.name}`).toBeLessThanOrEqual(2)
        },
      ),
      { numRuns: 100 },
    )
  })
})
