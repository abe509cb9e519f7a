/**
 * Seeded randomness. Every part of the sandbox takes a fork named after what it decides, so that one more
 * draw in one place does not change what happens in another.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** Uniform integer, both ends included. */
  integer(low: number, high: number): number
  pick<T>(choices: readonly T[]): T
  /** Standard normal (Box–Muller). */
  normal(): number
  /** `length` characters from Kubernetes' alphabet for generated names (no vowels, nothing easily misread). */
  suffix(length: number): string
  /** A version-4 UUID made of this sequence. */
  uuid(): string
  /** An independent sequence that depends on the seed and the name only, not on what was drawn before. */
  fork(name: string): Random
}

const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** 32-bit FNV-1a of a string. */
export function hash32(text: string, basis = 0x811c9dc5): number {
  let hash = basis
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** Kubernetes' "safe encode": each decimal digit of the number becomes a letter or digit that spells no word. */
export function safeEncode(value: number): string {
  return [...String(value)].map((digit) => nameAlphabet[Number(digit) % nameAlphabet.length]).join('')
}

/** Stateless noise in [0, 1) for a key and a position: the same question always has the same answer. */
export function noiseAt(key: number, position: number): number {
  let mixed = Math.imul(key ^ Math.imul(position | 0, 0x9e3779b1), 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  mixed ^= mixed >>> 16
  return (mixed >>> 0) / 4294967296
}

/** @param seed a number or a text; the same seed gives the same sequence on every machine. */
export function createRandom(seed: number | string): Random {
  let state = hash32(String(seed)) || 1
  // mulberry32: small, fast and good enough for a simulation.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  const characters = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[integer(0, alphabet.length - 1)]).join('')
  return {
    next,
    integer,
    between: (low, high) => low + next() * (high - low),
    pick: <T>(choices: readonly T[]): T => {
      const choice = choices[integer(0, choices.length - 1)]
      if (choice === undefined) throw new Error('Cannot pick from an empty list.')
      return choice
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    suffix: (length) => characters(nameAlphabet, length),
    uuid: () => {
      const hex = (length: number) => characters('0123456789abcdef', length)
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[integer(0, 3)]}${hex(3)}-${hex(12)}`
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  }
}
