const SMALL: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  dozen: 12,
  hundred: 100,
  thousand: 1000,
  million: 1_000_000,
}

/** The number a word says: `6`, `six`, `-5`, `1,000,000`, `2.5`, `twenty-four`; undefined when it says none. */
export function numberOf(word: string): number | undefined {
  const lower = word.toLowerCase()
  if (/^-?\d{1,12}(?:\.\d{1,3})?$/.test(lower)) return Number(lower)
  if (/^-?\d{1,3}(?:,\d{3}){1,4}$/.test(lower)) return Number(lower.replaceAll(',', ''))
  if (/^\d{1,3}(?:'\d{3}){1,4}$/.test(lower)) return Number(lower.replaceAll("'", ''))
  if (/^\d{1,4}k$/.test(lower)) return Number(lower.slice(0, -1)) * 1000
  const small = Object.hasOwn(SMALL, lower) ? SMALL[lower] : undefined
  if (small !== undefined) return small
  const [tens, ones] = lower.split('-')
  const high = tens && Object.hasOwn(SMALL, tens) ? SMALL[tens] : undefined
  const low = ones && Object.hasOwn(SMALL, ones) ? SMALL[ones] : undefined
  return high !== undefined && low !== undefined && high >= 20 && high < 100 && low > 0 && low < 10
    ? high + low
    : undefined
}

/** True for a number written with digits only: `6`, not `six`, `v6` or `6.0`. */
export const isInteger = (word: string): boolean => /^\d{1,12}$/.test(word)
