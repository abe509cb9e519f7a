import { type Calibration, calibrate, type HeldOut, type Reading } from './calibration.ts'
import { type Features, featuresOf } from './features.ts'
import { splitIntoFolds } from './folds.ts'
import { type Margins, trainMargins } from './margins.ts'
import { createRandom } from './random.ts'
import { learnVocabulary, type Vocabulary } from './vocabulary.ts'

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
export function trainIntentModel(examples: readonly TrainingExample[], options: TrainingOptions = {}): IntentModel {
  const { seed = 1, folds = 4, lostShare = 0.005 } = options
  const labels = [...new Set(examples.map(({ label }) => label))].filter((label) => label !== NONE).sort()
  if (labels.length === 0)
    throw new Error('The intent model has nothing to learn: give it at least one example whose label is not "none".')
  if (!(folds >= 2)) throw new Error(`The intent model cannot hold out one of ${folds} parts: name two folds or more.`)
  const hasNone = examples.some(({ label }) => label === NONE)
  const numbers = new Map([...labels, NONE].map((label, number) => [label, number]))
  const sentences = examples.map(({ text, label }) => ({
    features: featuresOf(text),
    truth: numbers.get(label) ?? labels.length,
  }))
  const lineCount = labels.length + (hasNone ? 1 : 0)
  const heldOut = splitIntoFolds(sentences, ({ truth }) => truth, folds).flatMap(({ kept, heldOut }) => {
    const reader = trainReader(kept, lineCount, seed)
    return heldOut.map(({ features, truth }): HeldOut => ({ ...reader(features), truth }))
  })
  const calibration = calibrate(heldOut, labels.length, hasNone, lostShare)
  const reader = trainReader(sentences, lineCount, seed)
  return { classify: (text) => guess(featuresOf(text), reader, calibration, [...labels, NONE]) }
}

interface Sentence {
  readonly features: Features
  readonly truth: number
}

type Reader = (features: Features) => Reading

function trainReader(sentences: readonly Sentence[], lineCount: number, seed: number): Reader {
  const vocabulary: Vocabulary = learnVocabulary(sentences.map(({ features }) => features))
  const rows = vocabulary.vectorise(sentences.map(({ features }) => features))
  const truths = Int32Array.from(sentences, ({ truth }) => truth)
  const options = { cost: COST, rounds: ROUNDS, random: createRandom(seed) }
  const margins: Margins = trainMargins(rows, truths, lineCount, vocabulary.size, options)
  return (features) => ({
    margins: margins.of(vocabulary.vectorise([features]), 0),
    knownShare: vocabulary.knownShare(features),
  })
}

function guess(features: Features, reader: Reader, calibration: Calibration, labels: readonly string[]): IntentGuess {
  // Without a single word there is nothing that could ask for anything.
  if (features.words.length === 0) return { label: NONE, confidence: 1, ranking: [{ label: NONE, confidence: 1 }] }
  const chances = calibration.probabilities(reader(features))
  const ranking = labels
    .map((label, number) => ({ label, confidence: chances[number] ?? 0 }))
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, RANKED)
  const best = ranking[0] ?? { label: NONE, confidence: 1 }
  return { ...best, ranking }
}
