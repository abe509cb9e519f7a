import { isPlaceholder, splitTokens, stem } from './tokens.ts'

/** What a text is made of: four kinds of features, each as hashes that may repeat. */
export interface Features {
  readonly kinds: readonly (readonly number[])[]
  /** The hashes of its words alone, to tell how much of the text was ever seen. */
  readonly words: readonly number[]
}

/** How much each kind counts beside the others: words and stems, neighbours, words near each other, letters. */
export const KIND_WEIGHTS = [1, 0.7, 0.7, 0.8] as const

const FURTHEST_APART = 7
const SHORTEST_RUN = 2
const LONGEST_RUN = 4

/** Marks that keep equal letters of different kinds apart. */
const WORD = 1
const STEM = 2
const NEIGHBOURS = 3
const NEAR = 4
const LETTERS = 5

/** 32-bit hashes stand for the features: among the ~10^5 of a large training set about one in 40,000 shares its place. */
export function featuresOf(text: string): Features {
  const tokens = splitTokens(text)
  const words = tokens.map((token) => hashText(token, WORD))
  const stems = tokens.map((token) => hashText(stem(token), STEM))
  const sequence = [hashText('^', WORD), ...words, hashText('$', WORD)]
  const neighbours =
    words.length === 0 ? [] : sequence.slice(1).map((hash, at) => pair(sequence[at] ?? 0, hash, NEIGHBOURS))
  const near: number[] = []
  for (const [at, first] of stems.entries())
    for (const second of stems.slice(at + 2, at + FURTHEST_APART + 1)) near.push(pair(first, second, NEAR))
  // Runs of letters forgive typing mistakes. A placeholder is one thing and has no letters.
  const letters = tokens.filter((token) => !isPlaceholder(token)).flatMap(runsOfLetters)
  return { kinds: [[...words, ...stems], neighbours, near, letters], words }
}

function runsOfLetters(token: string): number[] {
  const padded = `<${token}>`
  const runs: number[] = []
  for (let from = 0; from < padded.length; from++) {
    let hash = seedOf(LETTERS)
    const to = Math.min(padded.length, from + LONGEST_RUN)
    for (let at = from; at < to; at++) {
      hash = step(hash, padded.charCodeAt(at))
      if (at - from + 1 >= SHORTEST_RUN) runs.push(finish(hash))
    }
  }
  return runs
}

function hashText(text: string, kind: number): number {
  let hash = seedOf(kind)
  for (let at = 0; at < text.length; at++) hash = step(hash, text.charCodeAt(at))
  return finish(hash)
}

const pair = (first: number, second: number, kind: number) => finish(step(step(seedOf(kind), first), second))

// FNV-1a over 16-bit units, then MurmurHash3's finalizer, which spreads short texts over all bits.
const seedOf = (kind: number) => Math.imul(0x811c9dc5 ^ kind, 0x01000193)
const step = (hash: number, unit: number) => Math.imul(hash ^ unit, 0x01000193)
function finish(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const most = Math.imul(half ^ (half >>> 13), 0xc2b2ae35)
  return most ^ (most >>> 16)
}
