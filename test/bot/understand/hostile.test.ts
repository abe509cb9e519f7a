import { PassThrough } from 'node:stream'
import { text as wholeText } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from '../../../bot/parse.ts'
import { isReady } from '../../../core/interpretation.ts'
import { processorMs } from '../../_harness/processor-time.ts'
import { now, people, read, shop, skills } from './shop.ts'

const changes = [
  'deploy',
  'rollback',
  'scale',
  'restart',
  'lock',
  'unlock',
  'cancel',
  'undo',
  'settle',
  'halt',
  'resume',
  'mode',
  'link',
  'delegate',
]
const requests = [
  'deploy checkout 1.4.2 to staging',
  'scale cart to 6 in prod for 2h',
  'roll back payments in production',
  'restart search in dev',
  'give cart 3 more pods in prod',
  'lock checkout in production',
  'cancel op-7f3k9m2q',
  'stop everything',
  'put production in read only mode',
]
const wrappers: readonly ((request: string) => string)[] = [
  (x) => `should we ${x}?`,
  (x) => `do you think we should ${x}`,
  (x) => `don't ${x}`,
  (x) => `please do not ${x}`,
  (x) => `never ${x}`,
  (x) => `he said ${x}`,
  (x) => `jonas told me to ${x}`,
  (x) => `the runbook says: ${x}`,
  (x) => `what happens if we ${x}`,
  (x) => `if it breaks, ${x}`,
  (x) => `I'm not sure we should ${x}`,
  (x) => `${x} tomorrow`,
  (x) => `${x} if the tests are green`,
  (x) => `${x}, he said`,
  (x) => `"${x}"`,
  (x) => `we could ${x}`,
  (x) => `maybe ${x}`,
  (x) => `why would anyone ${x}`,
]

describe('text of every kind', () => {
  it('never throws and never makes a change of noise', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 200, unit: 'grapheme' }), fc.string({ maxLength: 200, unit: 'binary' })),
        (text) => {
          const reading = read(text)
          expect(isReady(reading) && changes.includes(reading.skill ?? '')).toBe(false)
        },
      ),
      { numRuns: 1_500 },
    )
  })

  it('never throws for words of the trade in any order, and never invents a value', () => {
    const words = fc.constantFrom(
      'deploy',
      'scale',
      'checkout',
      'cart',
      'to',
      'in',
      'staging',
      'prod',
      '6',
      '+3',
      '1.4.2',
      'for',
      '2h',
      'until',
      'because',
      '"',
      ',',
      '?',
      '--version',
      'service=',
      'not',
      'if',
      'op-7f3k9m2q',
      '=',
      '-5',
      'friday',
      'half',
      'an',
      'hour',
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 14 }), (said) => {
        const reading = read(said.join(' '))
        const { environment, service } = reading.input
        if (isReady(reading) && environment !== undefined)
          expect(said.some((word) => ['staging', 'prod'].includes(word))).toBe(true)
        if (isReady(reading) && service !== undefined)
          for (const one of [service].flat()) expect(said.some((word) => word.includes(String(one)))).toBe(true)
      }),
      { numRuns: 600 },
    )
  })

  it('takes no wish from a sentence that denies, wonders, sets conditions or quotes', () => {
    for (const wrap of wrappers)
      for (const request of requests) {
        const reading = read(wrap(request))
        expect(isReady(reading), `${wrap(request)} → ${JSON.stringify(reading)}`).toBe(false)
      }
    // The requests themselves are ready: the wrapper is what holds them back.
    for (const request of requests) expect(isReady(read(request)), request).toBe(true)
  })

  it('reads through control, bidi and zero-width characters without keeping them', () => {
    const reading = read('deploy che\u200bckout\u202e 1.4.2\u0007 to stag\u2066ing')
    expect(reading.input).toEqual({ service: 'checkout', version: '1.4.2', environment: 'staging' })
    expect(JSON.stringify(read('lock cart in staging because \u202egnitset').input)).not.toContain('\u202e')
  })

  it('answers hostile lengths quickly', () => {
    const texts = [
      'a'.repeat(100_000),
      ' '.repeat(100_000),
      '.'.repeat(100_000),
      `deploy ${'checkout '.repeat(20_000)}`,
      `what ${'running '.repeat(20_000)}`,
      `show ${'last '.repeat(20_000)}`,
      `deploy checkout 1.4.2 staging because ${'for '.repeat(20_000)}`,
      '1'.repeat(100_000),
      '"'.repeat(100_000),
      `${'x='.repeat(50_000)}`,
      'ﷺ'.repeat(50_000),
    ]
    for (const text of texts) {
      expect(isReady(read(text)), text.slice(0, 40)).toBe(false)
      expect(
        processorMs(() => read(text)),
        text.slice(0, 40),
      ).toBeLessThan(2_000)
    }
  })
})

describe('npm run parse', () => {
  it('asks which of several different requests goes first, as the conversation does', async () => {
    const text = 'deploy cart 2.0.0 and scale search to 4 in staging'
    const written = async (json: boolean) => {
      const input = new PassThrough()
      const output = new PassThrough()
      input.end(`${text}\n`)
      const done = parse({ skills, catalog: shop, people, input, output, json, now }).then(() => output.end())
      const whole = await wholeText(output)
      await done
      return whole.trimEnd()
    }
    expect(JSON.parse(await written(true))).toMatchObject({ text, skill: null, input: {}, ambiguous: ['skill'] })
    expect(await written(false)).toBe(
      `${text}\n  Which one first? "deploy cart 2.0.0 in staging" · "scale search to 4 in staging"`,
    )
  })

  it('writes one JSON for each line', async () => {
    const input = new PassThrough()
    const output = new PassThrough()
    input.end('deploy checkout 1.4.2 to staging\n\nscale cart to 6\nthanks\n')
    const done = parse({ skills, catalog: shop, people, input, output, json: true, now }).then(() => output.end())
    const lines = (await wholeText(output)).trimEnd().split('\n')
    await done
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        text: 'deploy checkout 1.4.2 to staging',
        skill: 'deploy',
        input: { service: 'checkout', version: '1.4.2', environment: 'staging' },
        confidence: 1,
        missing: [],
        ambiguous: [],
        invalid: [],
        by: 'command',
      },
      { text: '', skill: null, input: {}, confidence: 1, missing: [], ambiguous: [], invalid: [], by: 'local' },
      {
        text: 'scale cart to 6',
        skill: 'scale',
        input: { service: 'cart', replicas: 6 },
        confidence: 1,
        missing: ['environment'],
        ambiguous: [],
        invalid: [],
        by: 'command',
      },
      {
        text: 'thanks',
        skill: null,
        input: {},
        confidence: expect.closeTo(0.98, 1),
        missing: [],
        ambiguous: [],
        invalid: [],
        by: 'local',
      },
    ])
  })
})
