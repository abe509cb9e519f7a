import { type Features, KIND_WEIGHTS } from './features.ts'

/** Rows of a sparse matrix: row r has `ids` and `weights` from `starts[r]` up to `starts[r + 1]`. */
export interface SparseRows {
  readonly starts: Int32Array
  readonly ids: Int32Array
  readonly weights: Float32Array
}

export interface Vocabulary {
  /** How many features it knows; ids go from 0 to one below. */
  readonly size: number
  /** One row of length 1 for each text (0 when nothing in it is known). */
  vectorise(texts: readonly Features[]): SparseRows
  /** The share of a text's words that the training ever saw, 0–1. */
  knownShare(text: Features): number
}

/** A word counts from its first time on; a neighbourhood or run of letters that came once only takes memory. */
const FEWEST_TEXTS = [1, 2, 2, 2] as const

/** The square root of the usual inverse document frequency: short requests need their frequent words ("how", "my", "to") more than documents do. */
const rarity = (texts: number, textsWithIt: number) => Math.sqrt(1 + Math.log((1 + texts) / (1 + textsWithIt)))

/** Learns which features exist and how rare they are: sublinear TF-IDF, each kind of feature brought to its own length first. */
export function learnVocabulary(texts: readonly Features[]): Vocabulary {
  const ids = new Map<number, number>()
  const rarities: number[] = []
  for (const kind of KIND_WEIGHTS.keys())
    for (const [hash, count] of countTexts(texts, kind)) {
      if (count < (FEWEST_TEXTS[kind] ?? 1) || ids.has(hash)) continue
      ids.set(hash, rarities.length)
      rarities.push(rarity(texts.length, count))
    }

  function vectorOf({ kinds }: Features): { ids: number[]; weights: number[] } {
    const vector: { ids: number[]; weights: number[] } = { ids: [], weights: [] }
    for (const [kind, hashes] of kinds.entries()) {
      const from = vector.ids.length
      for (const [id, times] of countKnown(hashes, ids)) {
        vector.ids.push(id)
        vector.weights.push((1 + Math.log(times)) * (rarities[id] ?? 0))
      }
      scaleTo(vector.weights, from, KIND_WEIGHTS[kind] ?? 0)
    }
    scaleTo(vector.weights, 0, 1)
    return vector
  }

  return {
    size: rarities.length,
    vectorise(rows) {
      const starts = new Int32Array(rows.length + 1)
      const most = rows.reduce((sum, { kinds }) => sum + kinds.reduce((length, kind) => length + kind.length, 0), 0)
      // Written as they come: the vectors of all texts at once would be most of what training takes.
      const buffer = { ids: new Int32Array(most), weights: new Float32Array(most) }
      for (const [row, text] of rows.entries()) {
        const from = starts[row] ?? 0
        const vector = vectorOf(text)
        buffer.ids.set(vector.ids, from)
        buffer.weights.set(vector.weights, from)
        starts[row + 1] = from + vector.ids.length
      }
      const total = starts[rows.length] ?? 0
      return { starts, ids: buffer.ids.slice(0, total), weights: buffer.weights.slice(0, total) }
    },
    knownShare: ({ words }) => (words.length === 0 ? 0 : words.filter((word) => ids.has(word)).length / words.length),
  }
}

/** In how many texts each hash stands, in the order of the hashes. Sorted rather than mapped: most stand in one text alone. */
function* countTexts(texts: readonly Features[], kind: number): Generator<readonly [hash: number, texts: number]> {
  const all = new Int32Array(texts.reduce((sum, { kinds }) => sum + (kinds[kind]?.length ?? 0), 0))
  let length = 0
  for (const { kinds } of texts) for (const hash of new Set(kinds[kind])) all[length++] = hash
  const sorted = all.subarray(0, length).sort()
  for (let from = 0, at = 1; at <= length; at++) {
    const hash = sorted[from]
    if (hash === undefined || sorted[at] === hash) continue
    yield [hash, at - from]
    from = at
  }
}

function countKnown(hashes: readonly number[], ids: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const hash of hashes) {
    const id = ids.get(hash)
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

function scaleTo(weights: number[], from: number, length: number): void {
  let sum = 0
  for (const weight of weights.slice(from)) sum += weight * weight
  if (sum === 0) return
  const factor = length / Math.sqrt(sum)
  for (let at = from; at < weights.length; at++) weights[at] = (weights[at] ?? 0) * factor
}
