import { type Features, KIND_WEIGHTS, KINDS } from './features.ts'
import { createHashNumbers, type HashNumbers } from './hash-numbers.ts'

/** Rows of a sparse matrix: row r has `ids` and `weights` from `starts[r]` up to `starts[r + 1]`. */
export interface SparseRows {
  readonly starts: Int32Array
  readonly ids: Int32Array
  readonly weights: Float32Array
}

/** Texts with a number in the place of each hash. */
export interface NumberedTexts {
  readonly numbers: Int32Array
  /** As those of `Features`. */
  readonly bounds: Int32Array
}

export interface Vocabulary {
  /** How many features it knows; ids go from 0 to one below. */
  readonly size: number
  /** The id of each number, -1 where it is not known. */
  readonly ids: Int32Array
  readonly rarities: Float64Array
}

/** A word counts from its first time on; a neighbourhood or run of letters that came once only takes memory. */
const FEWEST_TEXTS = [1, 2, 2, 2] as const
const UNKNOWN = -1

/** The square root of the usual inverse document frequency: short requests need their frequent words ("how", "my", "to") more than documents do. */
const rarity = (texts: number, textsWithIt: number) => Math.sqrt(1 + Math.log((1 + texts) / (1 + textsWithIt)))

/** Texts to train on, with numbers in the place of their hashes, which are overwritten. */
export function numberTexts({ hashes: numbers, bounds }: Features): { texts: NumberedTexts; hashes: HashNumbers } {
  const hashes = createHashNumbers()
  for (let at = 0; at < numbers.length; at++) numbers[at] = hashes.numberOf(numbers[at] ?? 0)
  return { texts: { numbers, bounds }, hashes }
}

/** Learns from the chosen texts which of `count` features exist and how rare they are: sublinear TF-IDF, each kind of feature brought to its own length first. */
export function learnVocabulary(
  { numbers, bounds }: NumberedTexts,
  chosen: readonly number[],
  count: number,
): Vocabulary {
  const ids = new Int32Array(count).fill(UNKNOWN)
  const rarities = new Float64Array(count)
  const textsWith = new Int32Array(count)
  const lastText = new Int32Array(count)
  let size = 0
  for (let kind = 0; kind < KINDS; kind++) {
    textsWith.fill(0)
    lastText.fill(UNKNOWN)
    for (const text of chosen) {
      const end = bounds[text * KINDS + kind + 1] ?? 0
      for (let at = bounds[text * KINDS + kind] ?? 0; at < end; at++) {
        const number = numbers[at] ?? 0
        if (lastText[number] === text) continue
        lastText[number] = text
        textsWith[number] = (textsWith[number] ?? 0) + 1
      }
    }
    const fewest = FEWEST_TEXTS[kind] ?? 1
    for (let number = 0; number < count; number++) {
      const texts = textsWith[number] ?? 0
      if (texts < fewest || ids[number] !== UNKNOWN) continue
      rarities[size] = rarity(chosen.length, texts)
      ids[number] = size++
    }
  }
  return { size, ids, rarities: rarities.slice(0, size) }
}

/** Features of these rarities under their own ids, for texts that come with them. */
export const ownVocabulary = (rarities: Float64Array): Vocabulary => ({
  size: rarities.length,
  ids: Int32Array.from({ length: rarities.length }, (_, id) => id),
  rarities,
})

/** The share of a text's words that the vocabulary knows, 0–1. Words stand before their stems, one for each: half of the first kind. */
export function knownShare({ numbers, bounds }: NumberedTexts, text: number, { ids }: Vocabulary): number {
  const from = bounds[text * KINDS] ?? 0
  const words = ((bounds[text * KINDS + 1] ?? 0) - from) / 2
  let known = 0
  for (let at = from; at < from + words; at++) if ((ids[numbers[at] ?? UNKNOWN] ?? UNKNOWN) !== UNKNOWN) known++
  return words === 0 ? 0 : known / words
}

/** Room for the rows of that many texts. What is never written to takes no memory. */
export const roomFor = (texts: number, features: number): SparseRows => ({
  starts: new Int32Array(texts + 1),
  ids: new Int32Array(features),
  weights: new Float32Array(features),
})

/** Writes texts as rows of length 1 (0 when nothing in them is known), over what stood in its room before. */
export function createVectoriser({ size, ids, rarities }: Vocabulary) {
  const timesOf = new Int32Array(size)
  let exact = new Float64Array(0)
  return ({ numbers, bounds }: NumberedTexts, chosen: readonly number[], room: SparseRows): SparseRows => {
    let length = 0
    for (const [row, text] of chosen.entries()) {
      const first = text * KINDS
      const most = (bounds[first + KINDS] ?? 0) - (bounds[first] ?? 0)
      if (exact.length < most) exact = new Float64Array(2 * most)
      const start = length
      for (let kind = 0; kind < KINDS; kind++) {
        const from = length
        const end = bounds[first + kind + 1] ?? 0
        for (let at = bounds[first + kind] ?? 0; at < end; at++) {
          const id = ids[numbers[at] ?? UNKNOWN] ?? UNKNOWN
          if (id === UNKNOWN) continue
          const times = timesOf[id] ?? 0
          timesOf[id] = times + 1
          if (times === 0) room.ids[length++] = id
        }
        for (let at = from; at < length; at++) {
          const id = room.ids[at] ?? 0
          exact[at - start] = (1 + Math.log(timesOf[id] ?? 1)) * (rarities[id] ?? 0)
          timesOf[id] = 0
        }
        scaleTo(exact, from - start, length - start, KIND_WEIGHTS[kind] ?? 0)
      }
      scaleTo(exact, 0, length - start, 1)
      for (let at = start; at < length; at++) room.weights[at] = exact[at - start] ?? 0
      room.starts[row + 1] = length
    }
    return room
  }
}

function scaleTo(weights: Float64Array, from: number, to: number, length: number): void {
  let sum = 0
  for (let at = from; at < to; at++) sum += (weights[at] ?? 0) * (weights[at] ?? 0)
  if (sum === 0) return
  const factor = length / Math.sqrt(sum)
  for (let at = from; at < to; at++) weights[at] = (weights[at] ?? 0) * factor
}
