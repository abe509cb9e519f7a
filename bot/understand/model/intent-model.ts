import { type Calibration, calibrate, type HeldOut, probabilities, type Reading } from './calibration.ts'
import { type Features, featuresOf } from './features.ts'
import { splitIntoFolds } from './folds.ts'
import { findNumber, type HashTable } from './hash-numbers.ts'
import { type Lines, marginsOf, trainLines } from './margins.ts'
import { createRandom } from './random.ts'
import {
  createVectoriser,
  knownShare,
  learnVocabulary,
  numberTexts,
  ownVocabulary,
  roomFor,
  type Vocabulary,
} from './vocabulary.ts'

/** The label of sentences that ask for nothing. */
export const NONE = 'none'

export interface TrainingExample {
  readonly text: string
  /** `NONE` for a sentence that asks for nothing. */
  readonly label: string
}

export interface RankedLabel {
  readonly label: string
  readonly confidence: number
}

export interface IntentGuess extends RankedLabel {
  /** Or `NONE`. */
  readonly label: string
  /** The probability that the label is right, 0–1, as it came out on held-out training sentences. */
  readonly confidence: number
  /** Best first, at most five, `NONE` among them; the first is the guess. */
  readonly ranking: readonly RankedLabel[]
}

export interface IntentModel {
  classify(text: string): IntentGuess
}

/** What a training leaves: plain data that classifies anywhere. */
export interface LearnedModel {
  /** `NONE` is the last. */
  readonly labels: readonly string[]
  /** The ids of the hashes of features. */
  readonly known: HashTable
  /** Of each feature. */
  readonly rarities: Float64Array
  readonly lines: Lines
  readonly calibration: Calibration
}

export interface TrainingOptions {
  readonly seed?: number
  /** In how many parts, two or more, the examples are cut to measure confidence; each part costs one more training. */
  readonly folds?: number
  /** The share of rightly read requests one is ready to lose to `NONE` in return for refusing what is no request. */
  readonly lostShare?: number
}

const RANKED = 5
const COST = 2
const ROUNDS = 6

/**
 * Learns to name what a sentence asks for: linear support vector machines on words, their neighbours and runs of letters, with probabilities
 * measured on sentences held out of training. The same examples in the same order with the same seed give the same model. Examples of a label that
 * were written one after the other should stand so: they resemble each other and are held out together. Throws on examples without any label but `NONE`.
 */
export function learnModel(examples: readonly TrainingExample[], options: TrainingOptions = {}): LearnedModel {
  const { seed = 1, folds = 4, lostShare = 0.005 } = options
  const labels = [...new Set(examples.map(({ label }) => label))].filter((label) => label !== NONE).sort()
  if (labels.length === 0)
    throw new Error('The intent model has nothing to learn: give it at least one example whose label is not "none".')
  if (!(folds >= 2)) throw new Error(`The intent model cannot hold out one of ${folds} parts: name two folds or more.`)
  const hasNone = examples.some(({ label }) => label === NONE)
  const numbers = new Map([...labels, NONE].map((label, number) => [label, number]))
  const truths = Int32Array.from(examples, ({ label }) => numbers.get(label) ?? labels.length)
  const texts = examples.map(({ text }) => text)
  const frame = { labelCount: labels.length, hasNone, seed, folds, lostShare }
  return { ...train(texts, truths, frame), labels: [...labels, NONE] }
}

export const trainIntentModel = (examples: readonly TrainingExample[], options?: TrainingOptions): IntentModel =>
  createIntentModel(learnModel(examples, options))

type TrainingFrame = Required<TrainingOptions> & { readonly labelCount: number; readonly hasNone: boolean }

function train(sentences: readonly string[], truths: Int32Array, frame: TrainingFrame): Omit<LearnedModel, 'labels'> {
  const { labelCount, hasNone, seed, folds, lostShare } = frame
  const lineCount = labelCount + (hasNone ? 1 : 0)
  const { texts, hashes } = numberTexts(featuresOf(sentences))
  const all = [...truths.keys()]
  const whole = learnVocabulary(texts, all, hashes.size)
  // One room for every training: the one on all examples needs most of it, comes last and leaves its weights there.
  const room = roomFor(all.length, texts.numbers.length)
  const weights = new Float32Array(whole.size * lineCount)
  const fitTo = (chosen: readonly number[], vocabulary: Vocabulary) => {
    const vectorise = createVectoriser(vocabulary)
    const own = Int32Array.from(chosen, (text) => truths[text] ?? 0)
    const options = { cost: COST, rounds: ROUNDS, random: createRandom(seed), weights }
    return { vectorise, lines: trainLines(vectorise(texts, chosen, room), own, lineCount, vocabulary.size, options) }
  }
  const heldOut = splitIntoFolds(all, (text) => truths[text] ?? 0, folds).flatMap(({ kept, heldOut }) => {
    const vocabulary = learnVocabulary(texts, kept, hashes.size)
    const { vectorise, lines } = fitTo(kept, vocabulary)
    const rows = vectorise(texts, heldOut, room)
    return heldOut.map((text, row): HeldOut => {
      const truth = truths[text] ?? 0
      return { margins: marginsOf(lines, rows, row), knownShare: knownShare(texts, text, vocabulary), truth }
    })
  })
  const calibration = calibrate(heldOut, labelCount, hasNone, lostShare)
  const { lines } = fitTo(all, whole)
  return { known: hashes.renumber(whole.ids), rarities: whole.rarities, lines, calibration }
}

export function createIntentModel({ labels, known, rarities, lines, calibration }: LearnedModel): IntentModel {
  const vocabulary = ownVocabulary(rarities)
  const vectorise = createVectoriser(vocabulary)
  const read = ({ hashes, bounds }: Features): Reading => {
    const text = { numbers: hashes.map((hash) => findNumber(known, hash)), bounds }
    const rows = vectorise(text, [0], roomFor(1, hashes.length))
    return { margins: marginsOf(lines, rows, 0), knownShare: knownShare(text, 0, vocabulary) }
  }
  return {
    classify(text) {
      const features = featuresOf([text])
      // Without a single word there is nothing that could ask for anything.
      if (features.hashes.length === 0) return { label: NONE, confidence: 1, ranking: [{ label: NONE, confidence: 1 }] }
      const chances = probabilities(calibration, read(features), labels.length - 1)
      const ranking = labels
        .map((label, number) => ({ label, confidence: chances[number] ?? 0 }))
        .sort((a, b) => b.confidence - a.confidence)
        .slice(0, RANKED)
      const best = ranking[0] ?? { label: NONE, confidence: 1 }
      return { ...best, ranking }
    },
  }
}
