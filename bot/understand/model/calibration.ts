import { fitLogistic, sigmoid } from './logistic.ts'

/** What was measured on a sentence by lines that were trained without it. */
export interface Reading {
  /** One for each label; when there are examples of none, none's is the last. */
  readonly margins: Float32Array
  /** The share of its words that the training saw, 0–1. */
  readonly knownShare: number
}

export interface HeldOut extends Reading {
  /** The number of its label; `labelCount` for none. */
  readonly truth: number
}

/** What was fitted to them. */
export interface Calibration {
  readonly sharpness: number
  /** Absent where there are no examples of none. */
  readonly none?: {
    /** The coefficients of none's log odds. */
    readonly belief: readonly number[]
    /** How far these are raised. */
    readonly caution: number
  }
}

/** Where nothing could be held out, margins are read with this. It is near what sets of some thousand sentences come to. */
const USUAL_SHARPNESS = 5
const SHARPEST = 20
const DULLEST = 0.5

/**
 * Fits what turns margins into probabilities to sentences that were held out. Which label: a softmax with one sharpness (temperature scaling, Guo et
 * al. 2017). Whether any: a logistic regression on the best margin, none's margin and the share of known words. Its odds are then raised
 * until `lostShare` of the sentences that are read rightly would be taken for none: the one threshold. Raised odds mean that people say more that
 * asks for nothing than the examples do; at most as if that were every other sentence.
 */
export function calibrate(
  heldOut: readonly HeldOut[],
  labelCount: number,
  hasNone: boolean,
  lostShare: number,
): Calibration {
  const asked = heldOut.filter(({ truth }) => truth < labelCount)
  const sharpness = fitSharpness(asked, labelCount)
  if (!hasNone) return { sharpness }
  // Without evidence to the contrary none is one more label of the softmax.
  const belief = fitLogistic(
    heldOut.map((one) => ({ evidence: evidenceOf(one, labelCount), holds: one.truth === labelCount })),
    [0, -sharpness, sharpness, 0],
  )
  const evenOdds = Math.log(Math.max(1, asked.length / Math.max(1, heldOut.length - asked.length)))
  const caution = Math.min(evenOdds, cautionFor(asked, labelCount, lostShare, sharpness, belief))
  return { sharpness, none: { belief, caution } }
}

/** The probability of each of the labels and, last, of none; they add up to 1. */
export function probabilities({ sharpness, none }: Calibration, reading: Reading, labelCount: number): Float64Array {
  const shares = softmax(reading.margins, labelCount, sharpness)
  if (!none) return Float64Array.from([...shares, 0])
  const chance = sigmoid(logOdds(none.belief, reading, labelCount) + none.caution)
  return Float64Array.from([...shares.map((share) => share * (1 - chance)), chance])
}

const evidenceOf = ({ margins, knownShare }: Reading, labelCount: number) => [
  1,
  margins[bestOf(margins, labelCount)] ?? 0,
  margins[labelCount] ?? 0,
  knownShare,
]

const logOdds = (belief: readonly number[], reading: Reading, labelCount: number) =>
  evidenceOf(reading, labelCount).reduce((sum, value, at) => sum + value * (belief[at] ?? 0), 0)

/** How far none's log odds may rise until `lostShare` of the rightly read sentences are lost to it. */
function cautionFor(
  asked: readonly HeldOut[],
  labelCount: number,
  lostShare: number,
  sharpness: number,
  belief: readonly number[],
): number {
  const rises = asked
    .filter(({ margins, truth }) => bestOf(margins, labelCount) === truth)
    .map(
      (one) => Math.log(softmax(one.margins, labelCount, sharpness)[one.truth] ?? 1) - logOdds(belief, one, labelCount),
    )
    .sort((a, b) => a - b)
  // A hair below, so that the sentence at the limit is still read.
  return (rises[Math.floor(rises.length * lostShare)] ?? 0) - 1e-9
}

/** The sharpness under which the held-out labels are likeliest: Newton's method on a convex function of one variable. */
function fitSharpness(asked: readonly HeldOut[], labelCount: number): number {
  let sharpness = USUAL_SHARPNESS
  const shares = new Float64Array(labelCount)
  for (let round = 0; round < 10 && asked.length > 0; round++) {
    let slope = 0
    let curve = 0
    for (const { margins, truth } of asked) {
      softmax(margins, labelCount, sharpness, shares)
      let mean = 0
      let square = 0
      for (let label = 0; label < labelCount; label++) {
        const share = shares[label] ?? 0
        const margin = margins[label] ?? 0
        mean += share * margin
        square += share * margin * margin
      }
      slope += mean - (margins[truth] ?? 0)
      curve += square - mean * mean
    }
    sharpness = Math.min(SHARPEST, Math.max(DULLEST, sharpness - slope / (curve + 1e-9)))
  }
  return sharpness
}

function softmax(
  margins: Float32Array,
  labelCount: number,
  sharpness: number,
  shares = new Float64Array(labelCount),
): Float64Array {
  const top = margins[bestOf(margins, labelCount)] ?? 0
  let sum = 0
  for (let label = 0; label < labelCount; label++) {
    const share = Math.exp(sharpness * ((margins[label] ?? 0) - top))
    shares[label] = share
    sum += share
  }
  for (let label = 0; label < labelCount; label++) shares[label] = (shares[label] ?? 0) / sum
  return shares
}

/** The label with the greatest margin, none aside. */
function bestOf(margins: Float32Array, labelCount: number): number {
  let best = 0
  for (let label = 1; label < labelCount; label++) if ((margins[label] ?? 0) > (margins[best] ?? 0)) best = label
  return best
}
