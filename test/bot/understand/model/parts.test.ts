import { describe, expect, it } from 'vitest'
import { calibrate, type HeldOut, probabilities } from '../../../../bot/understand/model/calibration.ts'
import { featuresOf, KIND_WEIGHTS, KINDS } from '../../../../bot/understand/model/features.ts'
import { splitIntoFolds } from '../../../../bot/understand/model/folds.ts'
import { createHashNumbers, findNumber } from '../../../../bot/understand/model/hash-numbers.ts'
import { fitLogistic, sigmoid } from '../../../../bot/understand/model/logistic.ts'
import { createRandom } from '../../../../bot/understand/model/random.ts'
import { splitTokens, stem } from '../../../../bot/understand/model/tokens.ts'
import {
  createVectoriser,
  knownShare,
  learnVocabulary,
  numberTexts,
  ownVocabulary,
  roomFor,
} from '../../../../bot/understand/model/vocabulary.ts'

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

const kind = (text: string, at: number) => {
  const { hashes, bounds } = featuresOf([text])
  return [...hashes.subarray(bounds[at], bounds[at + 1])]
}

describe('features', () => {
  it('keep a placeholder whole', () => {
    expect(kind('{service}', 3)).toEqual([])
    expect(kind('service', 3)).not.toEqual([])
    expect(kind('{service}', 0)).not.toEqual(kind('service', 0))
  })

  it('know the order of neighbours', () => expect(kind('from a to b', 1)).not.toEqual(kind('from b to a', 1)))

  it('have runs of letters in common where a word is mistyped', () => {
    const right = new Set(kind('restart', 3))
    expect(kind('restrat', 3).filter((run) => right.has(run)).length).toBeGreaterThan(5)
  })

  it('of many texts are those of each, one after the other', () => {
    const sentences = ['roll it back', '', 'a pasted log '.repeat(40), 'who?']
    const { hashes, bounds } = featuresOf(sentences)
    expect(bounds).toHaveLength(sentences.length * KINDS + 1)
    expect([...hashes]).toEqual(sentences.flatMap((text) => [...featuresOf([text]).hashes]))
    for (const [text, sentence] of sentences.entries())
      for (const at of KIND_WEIGHTS.keys())
        expect([...hashes.subarray(bounds[text * KINDS + at], bounds[text * KINDS + at + 1])]).toEqual(
          kind(sentence, at),
        )
  })
})

describe('numbers for hashes', () => {
  const random = createRandom(9)
  const hashes = [0, -1, ...Array.from({ length: 20_000 }, () => Math.floor(random() * 2 ** 32) | 0)]

  it('are given in the order they came, and kept through growth', () => {
    const numbers = createHashNumbers()
    const distinct = [...new Set(hashes)]
    expect(distinct.map((hash) => numbers.numberOf(hash))).toEqual([...distinct.keys()])
    expect(distinct.map((hash) => numbers.numberOf(hash))).toEqual([...distinct.keys()])
    expect(numbers.size).toBe(distinct.length)
  })

  it('can be given anew, and then nothing else is known', () => {
    const numbers = createHashNumbers()
    for (const hash of [7, 8, 9]) numbers.numberOf(hash)
    const table = numbers.renumber(Int32Array.from([1, -1, 0]))
    expect([7, 8, 9, 10].map((hash) => findNumber(table, hash))).toEqual([1, -1, 0, -1])
  })
})

describe('the vocabulary', () => {
  const sentences = ['roll it back', 'roll it out', 'back it up']
  const strange = ['Ж', 'it out', 'out', 'it', 'rolls it sideways up', '']
  const { texts, hashes } = numberTexts(featuresOf([...sentences, ...strange]))
  const vocabulary = learnVocabulary(texts, [0, 1, 2], hashes.size)
  const rowOf = (sentence: string) => {
    const text = [...sentences, ...strange].indexOf(sentence)
    const { starts, ids, weights } = createVectoriser(vocabulary)(texts, [text], roomFor(1, texts.numbers.length))
    return { ids: [...ids.subarray(0, starts[1])], weights: [...weights.subarray(0, starts[1])] }
  }

  it('makes rows of length 1, and of length 0 for what it never saw', () => {
    for (const sentence of sentences) expect(Math.hypot(...rowOf(sentence).weights)).toBeCloseTo(1, 6)
    expect(rowOf('Ж').weights).toEqual([])
  })

  it('makes the same row alone and among others, in room that was used before', () => {
    const vectorise = createVectoriser(vocabulary)
    const room = roomFor(9, texts.numbers.length)
    vectorise(texts, [8, 7, 6, 5, 4, 3, 2, 1, 0], room)
    const { starts, weights } = vectorise(texts, [0, 3, 2], room)
    expect([...weights.subarray(starts[2], starts[3])]).toEqual(rowOf('back it up').weights)
  })

  it('gives a rare word more weight than a frequent one', () => {
    const row = rowOf('it out')
    const weightOf = (word: string) => row.weights[row.ids.indexOf(rowOf(word).ids[0] ?? -1)] ?? 0
    expect(weightOf('out')).toBeGreaterThan(weightOf('it'))
  })

  it('tells which share of the words it knows', () => {
    expect(knownShare(texts, sentences.length + strange.indexOf('rolls it sideways up'), vocabulary)).toBe(0.5)
    expect(knownShare(texts, sentences.length + strange.indexOf(''), vocabulary)).toBe(0)
  })

  it('keeps its features under their own ids', () => {
    const { size, ids, rarities } = ownVocabulary(vocabulary.rarities)
    expect(size).toBe(vocabulary.size)
    expect([...ids]).toEqual([...Array(size).keys()])
    expect(rarities).toBe(vocabulary.rarities)
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
    const calibration = calibrate(readings(gap), 2, false, 0)
    const reading = { margins: Float32Array.from([gap, -gap]), knownShare: 1 }
    expect(probabilities(calibration, reading, 2)[0]).toBeCloseTo(0.75, 1)
  })

  it('loses no more of the rightly read to none than it may', () => {
    const random = createRandom(5)
    const heldOut: HeldOut[] = Array.from({ length: 1_000 }, (_, at) => {
      const truth = at % 5 === 0 ? 2 : at % 2
      const margins = [0, 1, 2].map((label) => (label === truth ? 0.2 : -0.6) + 1.2 * (random() - 0.5))
      return { margins: Float32Array.from(margins), knownShare: truth === 2 ? random() : 1, truth }
    })
    const lost = (share: number) => {
      const calibration = calibrate(heldOut, 2, true, share)
      const read = heldOut.filter(
        ({ margins, truth }) => truth < 2 && (margins[truth] ?? 0) > (margins[1 - truth] ?? 0),
      )
      const gone = read.filter((one) => {
        const chances = probabilities(calibration, one, 2)
        return (chances[2] ?? 0) > (chances[one.truth] ?? 0)
      })
      return gone.length / read.length
    }
    expect(lost(0)).toBe(0)
    expect(lost(0.02)).toBeGreaterThan(0.01)
    expect(lost(0.02)).toBeLessThanOrEqual(0.02)
  })
})
