import type { SparseRows } from './vocabulary.ts'

/** One line through the space for each label. */
export interface Lines {
  /** All weights of a feature lie side by side: a prediction walks over few features and all labels. */
  readonly weights: Float32Array
  /** One for each label. */
  readonly offsets: Float32Array
}

export interface MarginOptions {
  /** What a training sentence on the wrong side costs against a simple line. */
  readonly cost: number
  /** How many times each sentence is looked at. */
  readonly rounds: number
  readonly random: () => number
  /** Where the weights are left, at least `features` × `labelCount` of them. Another training there ends these lines. */
  readonly weights?: Float32Array
}

/** A sentence this far beyond the margin after a round is not looked at again for that label. */
const SURELY_RIGHT = 0.3

/**
 * Trains a linear support vector machine with squared hinge loss for each label against all others, by dual coordinate descent
 * (Hsieh et al. 2008). `labels` has a number from 0 to `labelCount` - 1 for each row. The result keeps `features` × `labelCount` × 4 bytes.
 */
export function trainLines(
  rows: SparseRows,
  labels: Int32Array,
  labelCount: number,
  features: number,
  options: MarginOptions,
): Lines {
  const { weights = new Float32Array(features * labelCount) } = options
  const offsets = new Float32Array(labelCount)
  const squares = squaredLengths(rows, labels.length)
  const line = new Float64Array(features)
  const pulls = new Float64Array(labels.length)
  const order = new Int32Array(labels.length)
  for (let label = 0; label < labelCount; label++) {
    line.fill(0)
    pulls.fill(0)
    for (let row = 0; row < order.length; row++) order[row] = row
    offsets[label] = fitLine(rows, labels, label, { squares, line, pulls, order }, options)
    for (let feature = 0; feature < features; feature++) weights[feature * labelCount + label] = line[feature] ?? 0
  }
  return { weights, offsets }
}

/** How far on the side of each label a row lies: about 1 for "this one", -1 for "not this one". */
export function marginsOf(lines: Lines, { starts, ids, weights: values }: SparseRows, row: number): Float32Array {
  const { weights, offsets } = lines
  const margins = offsets.slice()
  const labelCount = offsets.length
  const end = starts[row + 1] ?? 0
  for (let at = starts[row] ?? 0; at < end; at++) {
    const value = values[at] ?? 0
    const from = (ids[at] ?? 0) * labelCount
    for (let label = 0; label < labelCount; label++)
      margins[label] = (margins[label] ?? 0) + value * (weights[from + label] ?? 0)
  }
  return margins
}

/** What is worked on for one label after the other. */
interface Work {
  readonly squares: Float64Array
  readonly line: Float64Array
  readonly pulls: Float64Array
  readonly order: Int32Array
}

/** Leaves the line for one label in `line` and returns its offset. */
function fitLine(
  { starts, ids, weights }: SparseRows,
  labels: Int32Array,
  label: number,
  { squares, line, pulls, order }: Work,
  { cost, rounds, random }: MarginOptions,
): number {
  const count = labels.length
  const ease = 1 / (2 * cost)
  let offset = 0
  let active = count
  for (let round = 0; round < rounds; round++) {
    shuffle(order, active, random)
    let at = 0
    while (at < active) {
      const row = order[at] ?? 0
      const side = labels[row] === label ? 1 : -1
      const start = starts[row] ?? 0
      const end = starts[row + 1] ?? 0
      let margin = offset
      for (let k = start; k < end; k++) margin += (weights[k] ?? 0) * (line[ids[k] ?? 0] ?? 0)
      const pull = pulls[row] ?? 0
      const slope = side * margin - 1 + ease * pull
      if (pull === 0 && slope > 0) {
        if (round > 0 && slope > SURELY_RIGHT) {
          active--
          order[at] = order[active] ?? 0
          order[active] = row
        } else at++
        continue
      }
      const next = Math.max(0, pull - slope / ((squares[row] ?? 0) + ease))
      const change = (next - pull) * side
      pulls[row] = next
      offset += change
      for (let k = start; k < end; k++) {
        const id = ids[k] ?? 0
        line[id] = (line[id] ?? 0) + change * (weights[k] ?? 0)
      }
      at++
    }
  }
  return offset
}

/** The squared length of every row, with the constant feature that carries the offset. */
function squaredLengths({ starts, weights }: SparseRows, count: number): Float64Array {
  const squares = new Float64Array(count).fill(1)
  for (let row = 0; row < count; row++)
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at++)
      squares[row] = (squares[row] ?? 0) + (weights[at] ?? 0) ** 2
  return squares
}

/** Puts the first `count` into a random order (Fisher and Yates). */
function shuffle(order: Int32Array, count: number, random: () => number): void {
  for (let at = count - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const kept = order[at] ?? 0
    order[at] = order[other] ?? 0
    order[other] = kept
  }
}
