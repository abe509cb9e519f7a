import { describe, expect, it } from 'vitest'
import { calibrate, type HeldOut } from '../../../../bot/understand/model/calibration.ts'
import { featuresOf } from '../../../../bot/understand/model/features.ts'
import { splitIntoFolds } from '../../../../bot/understand/model/folds.ts'
import { fitLogistic, sigmoid } from '../../../../bot/understand/model/logistic.ts'
import { createRandom } from '../../../../bot/understand/model/random.ts'
import { splitTokens, stem } from '../../../../bot/understand/model/tokens.ts'
import { learnVocabulary } from '../../../../bot/understand/model/vocabulary.ts'

describe('tokens', () => {
  it.each([
    ['Restart {service} in {environment}!', ['restart', '{service}', 'in', '{environment}']],
    ['who’s on-call?', ["who's", 'on', 'call']],
    ['ＦＵＬＬ width, 3 more', ['full', 'width', '3', 'more']],
    ['перезапусти корзину', ['перезапусти', 'корзину']],
    ['{}{{ }', []],
  ])('of %j', (text, tokens) => expect(splitTokens(text)).toEqual(tokens))

  it('stop at a hundred words', () => expect(splitTokens('a '.repeat(500))).toHaveLength(100))

  it.each([
    ['restarts', 'restart'],
    ['restarting', 'restart'],
    ['scaled', 'scal'],
    ['scale', 'scal'],
    ['scaling', 'scal'],
    ['copies', 'copy'],
    ['pods', 'pod'],
    ['less', 'less'],
    ['{services}', '{services}'],
  ])('%s has the stem %s', (word, expected) => expect(stem(word)).toBe(expected))
})

describe('features', () => {
  it('keep a placeholder whole', () => {
    expect(featuresOf('{service}').kinds[3]).toEqual([])
    expect(featuresOf('service').kinds[3]).not.toEqual([])
    expect(featuresOf('{service}').words).not.toEqual(featuresOf('service').words)
  })

  it('know the order of neighbours', () =>
    expect(featuresOf('from a to b').kinds[1]).not.toEqual(featuresOf('from b to a').kinds[1]))

  it('have runs of letters in common where a word is mistyped', () => {
    const right = new Set(featuresOf('restart').kinds[3])
    const wrong = featuresOf('restrat').kinds[3] ?? []
    expect(wrong.filter((run) => right.has(run)).length).toBeGreaterThan(5)
  })
})

describe('the vocabulary', () => {
  const texts = ['roll it back', 'roll it out', 'back it up'].map(featuresOf)
  const vocabulary = learnVocabulary(texts)

  it('makes rows of length 1, and of length 0 for what it never saw', () => {
    const rows = vocabulary.vectorise([...texts, featuresOf('Ж')])
    const lengths = [0, 1, 2, 3].map((row) =>
      Math.hypot(...rows.weights.subarray(rows.starts[row], rows.starts[row + 1])),
    )
    expect(lengths.slice(0, 3).every((length) => Math.abs(length - 1) < 1e-6)).toBe(true)
    expect(lengths[3]).toBe(0)
  })

  it('gives a rare word more weight than a frequent one', () => {
    const weightOf = (word: string) => {
      const { ids, weights } = vocabulary.vectorise([featuresOf('it out')])
      const [id] = vocabulary.vectorise([featuresOf(word)]).ids
      return weights[ids.indexOf(id ?? -1)] ?? 0
    }
    expect(weightOf('out')).toBeGreaterThan(weightOf('it'))
  })

  it('tells which share of the words it knows', () => {
    expect(vocabulary.knownShare(featuresOf('roll it sideways please'))).toBe(0.5)
    expect(vocabulary.knownShare(featuresOf(''))).toBe(0)
  })
})

describe('folds', () => {
  it('hold every item of a label out once, in runs, and spare labels with few', () => {
    const items = [...'aaaaaabbbbc'].map((label, at) => ({ label, at }))
    const folds = splitIntoFolds(items, ({ label }) => label, 2)
    expect(folds.map(({ heldOut }) => heldOut.map(({ at }) => at))).toEqual([
      [0, 1, 2, 6, 7],
      [3, 4, 5, 8, 9],
    ])
    for (const { kept } of folds) expect(kept.some(({ label }) => label === 'c')).toBe(true)
  })
})

describe('logistic regression', () => {
  it('finds the odds that the observations were drawn with', () => {
    const random = createRandom(3)
    const observations = Array.from({ length: 5_000 }, () => {
      const value = 4 * random() - 2
      return { evidence: [1, value], holds: random() < sigmoid(-1 + 2 * value) }
    })
    const [constant, slope] = fitLogistic(observations, [0, 0])
    expect(constant).toBeCloseTo(-1, 0)
    expect(slope).toBeGreaterThan(1.8)
    expect(slope).toBeLessThan(2.2)
  })

  it('stays finite where evidence separates perfectly, and with its prior where there is none', () => {
    const separable = [-2, -1, 1, 2].map((value) => ({ evidence: [1, value], holds: value > 0 }))
    for (const coefficient of fitLogistic(separable, [0, 0])) expect(Number.isFinite(coefficient)).toBe(true)
    expect(fitLogistic([], [0, -5, 5, 0])).toEqual([0, -5, 5, 0])
  })
})

describe('calibration', () => {
  /** Margins of +gap for the label said; right in three of four. */
  const readings = (gap: number): HeldOut[] =>
    Array.from({ length: 400 }, (_, at) => ({
      margins: Float32Array.from([gap, -gap]),
      knownShare: 1,
      truth: at % 4 === 0 ? 1 : 0,
    }))

  it.each([0.2, 0.5, 1])('says how often margins of ±%d were right', (gap) => {
    const { probabilities } = calibrate(readings(gap), 2, false, 0)
    expect(probabilities({ margins: Float32Array.from([gap, -gap]), knownShare: 1 })[0]).toBeCloseTo(0.75, 1)
  })

  it('loses no more of the rightly read to none than it may', () => {
    const random = createRandom(5)
    const heldOut: HeldOut[] = Array.from({ length: 1_000 }, (_, at) => {
      const truth = at % 5 === 0 ? 2 : at % 2
      const margins = [0, 1, 2].map((label) => (label === truth ? 0.2 : -0.6) + 1.2 * (random() - 0.5))
      return { margins: Float32Array.from(margins), knownShare: truth === 2 ? random() : 1, truth }
    })
    const lost = (share: number) => {
      const { probabilities } = calibrate(heldOut, 2, true, share)
      const read = heldOut.filter(
        ({ margins, truth }) => truth < 2 && (margins[truth] ?? 0) > (margins[1 - truth] ?? 0),
      )
      const gone = read.filter((one) => {
        const chances = probabilities(one)
        return (chances[2] ?? 0) > (chances[one.truth] ?? 0)
      })
      return gone.length / read.length
    }
    expect(lost(0)).toBe(0)
    expect(lost(0.02)).toBeGreaterThan(0.01)
    expect(lost(0.02)).toBeLessThanOrEqual(0.02)
  })
})
