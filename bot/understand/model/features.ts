import { isPlaceholder, splitTokens, stem } from './tokens.ts'

/**
 * What texts are made of: four kinds of features, each as hashes that may repeat. All texts share two arrays, because an array
 * for each kind of each text was most of what training took.
 */
export interface Features {
  readonly hashes: Int32Array
  /** The hashes of kind k of text t stand from `bounds[t * KINDS + k]` up to the next bound. */
  readonly bounds: Int32Array
}

/** How much each kind counts beside the others: words and stems, neighbours, words near each other, letters. */
export const KIND_WEIGHTS = [1, 0.7, 0.7, 0.8] as const
export const KINDS = KIND_WEIGHTS.length

const FURTHEST_APART = 7
const SHORTEST_RUN = 2
const LONGEST_RUN = 4

/** Marks that keep equal letters of different kinds apart. */
const WORD = 1
const STEM = 2
const NEIGHBOURS = 3
const NEAR = 4
const LETTERS = 5

/** Room for the features of a request; more is made as it is needed. */
const FIRST_ROOM = 512

/** 32-bit hashes stand for the features: among the ~10^5 of a large training set about one in 40,000 shares its place. */
export function featuresOf(texts: readonly string[]): Features {
  const bounds = new Int32Array(texts.length * KINDS + 1)
  let hashes = new Int32Array(FIRST_ROOM)
  let length = 0
  const add = (hash: number) => {
    // Moved rather than copied: what was outgrown is free at once, and not when the collector comes by.
    if (length === hashes.length) hashes = new Int32Array(hashes.buffer.transfer(2 * hashes.byteLength))
    hashes[length++] = hash
  }
  let kind = 0
  for (const text of texts)
    for (const addKind of kindsOf(splitTokens(text), add)) {
      addKind()
      bounds[++kind] = length
    }
  return { hashes: hashes.subarray(0, length), bounds }
}

/** What adds each kind of a text's features, in the order of the kinds. */
function kindsOf(tokens: readonly string[], add: (hash: number) => void): readonly (() => void)[] {
  const words = tokens.map((token) => hashText(token, WORD))
  const stems = tokens.map((token) => hashText(stem(token), STEM))
  return [
    () => {
      for (const word of words) add(word)
      for (const one of stems) add(one)
    },
    () => {
      if (words.length === 0) return
      let before = START
      for (const word of words) {
        add(pair(before, word, NEIGHBOURS))
        before = word
      }
      add(pair(before, END, NEIGHBOURS))
    },
    () => {
      for (const [at, first] of stems.entries()) {
        const last = Math.min(stems.length - 1, at + FURTHEST_APART)
        for (let other = at + 2; other <= last; other++) add(pair(first, stems[other] ?? 0, NEAR))
      }
    },
    () => {
      // Runs of letters forgive typing mistakes. A placeholder is one thing and has no letters.
      for (const token of tokens) if (!isPlaceholder(token)) addRunsOfLetters(token, add)
    },
  ]
}

function addRunsOfLetters(token: string, add: (hash: number) => void): void {
  const padded = `<${token}>`
  for (let from = 0; from < padded.length; from++) {
    let hash = seedOf(LETTERS)
    const to = Math.min(padded.length, from + LONGEST_RUN)
    for (let at = from; at < to; at++) {
      hash = step(hash, padded.charCodeAt(at))
      if (at - from + 1 >= SHORTEST_RUN) add(finish(hash))
    }
  }
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

const START = hashText('^', WORD)
const END = hashText('$', WORD)
