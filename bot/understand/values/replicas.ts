import type { Found } from './found.ts'
import { numberAt, numberOf } from './numbers.ts'

/** A count of replicas as the grammar of DESIGN §7 has it: `6`, `"+3"`, `"-2"`, `"x2"`. */
export type ReplicasValue = number | string

/** What a single word says about replicas: `6`, `six`, `+3`, `-2`, `x2`, `2x`, `double`; undefined when nothing. */
export function replicasOf(word: string): ReplicasValue | undefined {
  const lower = word.toLowerCase()
  if (/^[+-]\d{1,9}$/.test(lower)) return lower
  const times = /^(?:x(\d{1,4}(?:\.\d)?)|(\d{1,4}(?:\.\d)?)x)$/.exec(lower)
  if (times) return `x${times[1] ?? times[2]}`
  const factor = FACTORS.get(lower)
  if (factor) return factor
  return numberOf(lower)
}

const FACTORS: ReadonlyMap<string, string> = new Map([
  ['double', 'x2'],
  ['doubled', 'x2'],
  ['twice', 'x2'],
  ['triple', 'x3'],
  ['treble', 'x3'],
  ['quadruple', 'x4'],
  ['halve', 'x0.5'],
])

const MORE: ReadonlySet<string> = new Set(['more', 'extra', 'additional'])
const FEWER: ReadonlySet<string> = new Set(['fewer', 'less'])
const COUNTED: ReadonlySet<string> = new Set([
  'replica',
  'replicas',
  'pod',
  'pods',
  'instance',
  'instances',
  'copy',
  'copies',
  'container',
  'containers',
  'node',
  'nodes',
  'workers',
])

/** A relative count at `words[from]` (lower case): `3 more`, `another two`, `2 fewer`, `a couple more`, `by 3` with a direction, `half`. */
export function relativeAt(words: readonly string[], from: number): Found<string> | undefined {
  const word = words[from] ?? ''
  const many = asManyAt(words, from)
  if (many) return many
  if (word === 'another' || word === 'additional' || word === 'extra') {
    const count = numberOf(words[from + 1] ?? '')
    if (count !== undefined) return { value: `+${count}`, length: 2 }
    if (word === 'another' && COUNTED.has(words[from + 1] ?? '')) return { value: '+1', length: 1 }
    return undefined
  }
  if (word === 'half' && (words[from + 1] === 'the' || words[from + 1] === 'of' || COUNTED.has(words[from + 1] ?? '')))
    return { value: 'x0.5', length: 1 }
  if ((word === 'in' || word === 'by') && words[from + 1] === 'half') return { value: 'x0.5', length: 2 }
  if (words[from + 1] === 'times' || words[from + 1] === 'x') {
    const factor = numberOf(word)
    return factor !== undefined && factor > 0 ? { value: `x${factor}`, length: 2 } : undefined
  }
  if (/^(?:a|one)$/.test(word) && words[from + 1] === 'single') return undefined
  const [count, used] = countAt(words, from)
  if (count === undefined) return undefined
  let at = from + used
  if (COUNTED.has(words[at] ?? '')) at++
  const direction = words[at] ?? ''
  if (MORE.has(direction)) return { value: `+${count}`, length: at + 1 - from }
  if (FEWER.has(direction)) return { value: `-${count}`, length: at + 1 - from }
  return undefined
}

function countAt(words: readonly string[], from: number): readonly [number | undefined, number] {
  if (words[from] === 'a' && words[from + 1] === 'couple') return [2, words[from + 2] === 'of' ? 3 : 2]
  if (words[from] === 'couple') return [2, words[from + 1] === 'of' ? 2 : 1]
  const count = numberAt(words, from)
  return count && Number.isInteger(count.value) && count.value >= 0 ? [count.value, count.length] : [undefined, 1]
}

// `twice as many`, `three times as many`, `half as many`, `by 50%`, `by half`
function asManyAt(words: readonly string[], from: number): Found<string> | undefined {
  const word = words[from] ?? ''
  const as = (at: number) => (words[at] === 'as' && /^(?:many|much)$/.test(words[at + 1] ?? '') ? 2 : 0)
  if (word === 'half' && as(from + 1)) return { value: 'x0.5', length: 3 }
  if (word === 'twice' || word === 'thrice') return { value: word === 'twice' ? 'x2' : 'x3', length: 1 + as(from + 1) }
  const factor = words[from + 1] === 'times' ? numberOf(word) : undefined
  return factor !== undefined && factor > 0 && factor < 100 && as(from + 2)
    ? { value: `x${factor}`, length: 4 }
    : undefined
}

/** `50%`, `50 percent` at `words[from]`, as a part of one. */
export function percentAt(words: readonly string[], from: number): Found<number> | undefined {
  const glued = /^(\d{1,4}(?:\.\d)?)%$/.exec(words[from] ?? '')
  if (glued) return { value: Number(glued[1]) / 100, length: 1 }
  const count = /^(?:percent|pct|%)$/.test(words[from + 1] ?? '') ? numberOf(words[from] ?? '') : undefined
  return count === undefined || count < 0 ? undefined : { value: count / 100, length: 2 }
}

/** A count that is said in more than a digit: `a single pod`, `half a dozen`, `a dozen`. */
export function countedAt(words: readonly string[], from: number): Found<number> | undefined {
  const article = /^(?:a|one|just|only)$/.test(words[from] ?? '') ? 1 : 0
  if (words[from + article] === 'single' && COUNTED.has(words[from + article + 1] ?? ''))
    return { value: 1, length: article + 1 }
  const count = numberAt(words, from)
  return count && count.length > 1 ? count : undefined
}
