/** A small seeded generator (mulberry32): the same seed, the same run. */
export interface Random {
  /** 0 ≤ x < 1 */
  fraction(): number
  /** 0 ≤ whole number < below */
  below(below: number): number
  /** Throws of an empty list. */
  pick<T>(from: readonly T[]): T
}

/** https://github.com/cprosche/mulberry32 describes the constants. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(fraction() * limit)
  return {
    fraction,
    below,
    pick(from) {
      if (from.length === 0) throw new Error('There is nothing to pick from.')
      return from[below(from.length)] as (typeof from)[number] // below() stays within the list
    },
  }
}
