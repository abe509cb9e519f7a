import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NONE, trainIntentModel } from '../../../../bot/understand/model/intent-model.ts'
import { phrases } from './phrases.ts'

const model = trainIntentModel(phrases)
const labels = new Set(phrases.map(({ label }) => label))

describe('the intent model', () => {
  it.each([
    ['could you ship {service} {version} to {environment}', 'deploy'],
    ['roll out {version} of {service}', 'deploy'],
    ['please bounce the {service} pods', 'restart'],
    ['restrat {service} in {environment}', 'restart'],
    ['scaling {service} to {number}', 'scale'],
    ['{number} more replicas for {service} please', 'scale'],
    ['who is carrying the pager', 'oncall'],
    ['WHO’S ON CALL FOR {service}', 'oncall'],
  ])('reads "%s" as %s', (text, label) => expect(model.classify(text).label).toBe(label))

  it.each(['see you on monday', 'the blue coffee machine', 'what a film', 'zebra umbrella xylophone'])(
    'reads "%s" as asking for nothing',
    (text) => expect(model.classify(text).label).toBe(NONE),
  )

  it.each(['', '   ', '?!…', '🚀'])('takes %j, which has no word, for nothing asked', (text) =>
    expect(model.classify(text)).toEqual({ label: NONE, confidence: 1, ranking: [{ label: NONE, confidence: 1 }] }),
  )

  it('is surer of what it was told than of half of it', () => {
    const whole = model.classify('who is on call for {service}')
    const half = model.classify('who {service}')
    expect(whole.confidence).toBeGreaterThan(half.confidence)
  })

  it('answers any string with probabilities in order, the guess first', () => {
    const pieces = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...phrases.map(({ text }) => text)),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
        const { label, confidence, ranking } = model.classify(parts.join(' '))
        expect(labels).toContain(label)
        expect(ranking[0]).toEqual({ label, confidence })
        expect(ranking.length).toBeLessThanOrEqual(5)
        const shares = ranking.map((one) => one.confidence)
        for (const share of shares) expect(share >= 0 && share <= 1, `${share}`).toBe(true)
        expect(shares).toEqual([...shares].sort((a, b) => b - a))
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9)
      }),
    )
  })

  it('reads a pasted log by its beginning and quickly', () => {
    const log = `restart {service} in {environment} ${'ERROR connection refused '.repeat(20_000)}`
    expect(labels).toContain(model.classify(log).label)
    expect(model.classify(log)).toEqual(model.classify(log.slice(0, 2_000)))
  })

  it('is the same for the same examples and seed', () => {
    const again = trainIntentModel(phrases, { seed: 1 })
    for (const { text } of phrases) expect(again.classify(text)).toEqual(model.classify(text))
  })

  it('differs with the seed by little', () => {
    const other = trainIntentModel(phrases, { seed: 7 })
    const margins = phrases.map(({ text }) =>
      Math.abs(other.classify(text).confidence - model.classify(text).confidence),
    )
    expect(Math.max(...margins)).toBeGreaterThan(0)
    expect(Math.max(...margins)).toBeLessThan(0.2)
  })

  it('refuses more when it may lose more', () => {
    // Chatter that borrows the words of requests, and little of it, so that the odds have room to rise.
    const chatter = ['who has {service} tonight', 'more pods', '{service} hangs', 'please get me a {number}']
    const mixed = [...phrases.filter(({ label }) => label !== NONE), ...chatter.map((text) => ({ text, label: NONE }))]
    const bold = trainIntentModel(mixed, { lostShare: 0 })
    const shy = trainIntentModel(mixed, { lostShare: 0.5 })
    const noneOf = (text: string, { classify }: typeof bold) =>
      classify(text).ranking.find(({ label }) => label === NONE)?.confidence ?? 0
    for (const text of ['who has {service}', 'pods tonight', 'please'])
      expect(noneOf(text, shy), text).toBeGreaterThan(noneOf(text, bold))
  })
})

describe('training the intent model', () => {
  it('refuses no examples, and examples of nothing but chatter, in a sentence', () => {
    const sentence = 'The intent model has nothing to learn: give it at least one example whose label is not "none".'
    expect(() => trainIntentModel([])).toThrow(sentence)
    expect(() => trainIntentModel([{ text: 'hello', label: NONE }])).toThrow(sentence)
  })

  it('refuses folds of which none could be held out', () =>
    expect(() => trainIntentModel(phrases, { folds: 1 })).toThrow(
      'The intent model cannot hold out one of 1 parts: name two folds or more.',
    ))

  it('works without chatter, and then refuses only what has no word', () => {
    const trusting = trainIntentModel(phrases.filter(({ label }) => label !== NONE))
    expect(trusting.classify('my cat sat on the keyboard').label).not.toBe(NONE)
    expect(trusting.classify('bounce {service}').label).toBe('restart')
    expect(trusting.classify('…').label).toBe(NONE)
  })

  it('works with one example', () => {
    const single = trainIntentModel([{ text: 'who is on call', label: 'oncall' }])
    expect(single.classify('who is on call?')).toEqual({
      label: 'oncall',
      confidence: 1,
      ranking: [
        { label: 'oncall', confidence: 1 },
        { label: NONE, confidence: 0 },
      ],
    })
  })

  it('takes any examples', () => {
    const example = fc.record({
      text: fc.string({ unit: 'binary' }),
      label: fc.constantFrom('a', 'b', 'constructor', NONE),
    })
    fc.assert(
      fc.property(fc.array(example, { maxLength: 20 }), fc.string(), (examples, text) => {
        const odd = trainIntentModel([{ text: 'a', label: 'a' }, ...examples])
        const { confidence } = odd.classify(text)
        expect(confidence >= 0 && confidence <= 1, `${confidence}`).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})
