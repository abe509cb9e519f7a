import type { Found } from './found.ts'

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

const SCALES: Readonly<Record<string, number>> = { dozen: 12, hundred: 100, thousand: 1000, million: 1_000_000 }
const scaleOf = (word: string | undefined): number | undefined =>
  word !== undefined && Object.hasOwn(SCALES, word) ? SCALES[word] : undefined
const isSpelt = (word: string | undefined): boolean => word !== undefined && /^[a-z-]+$/.test(word)

/** The number at `words[from]` (lower case), also in several words: `half a dozen`, `five thousand`, `two hundred and fifty`, `1.2 million`. */
export function numberAt(words: readonly string[], from: number): Found<number> | undefined {
  const word = words[from] ?? ''
  if (word === 'half' && words[from + 1] === 'a') {
    const scale = scaleOf(words[from + 2])
    return scale ? { value: scale / 2, length: 3 } : undefined
  }
  const article = word === 'a' && scaleOf(words[from + 1]) !== undefined
  const first = article ? 1 : numberOf(word)
  if (first === undefined) return undefined
  let value = first
  let at = from + 1
  const tens = isSpelt(word) && value >= 20 && value < 100 && value % 10 === 0
  const ones = tens && isSpelt(words[at]) ? numberOf(words[at] ?? '') : undefined
  if (ones !== undefined && ones > 0 && ones < 10) {
    value += ones
    at++
  }
  for (let scale = scaleOf(words[at]); scale !== undefined && at - from < 5; scale = scaleOf(words[at])) {
    value *= scale
    at++
    const next = words[at] === 'and' ? at + 1 : at
    const more =
      isSpelt(words[next]) && scaleOf(words[next]) === undefined ? numberAt(words.slice(next, next + 2), 0) : undefined
    const hundreds = scale === 1000 && isSpelt(words[next]) ? numberAt(words.slice(next, next + 5), 0) : undefined
    if (hundreds && hundreds.value < 1000 && scaleOf(words[next]) === undefined) {
      value += hundreds.value
      at = next + hundreds.length
    } else if (scale === 100 && more && more.value < 100) {
      value += more.value
      at = next + more.length
    }
  }
  return { value: Math.round(value * 1000) / 1000, length: at - from }
}
