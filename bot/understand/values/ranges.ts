import type { Found } from './found.ts'
import { numberOf } from './numbers.ts'

export interface Range {
  readonly low: number
  readonly high: number
}

const COUNTED: ReadonlySet<string> = new Set(['replica', 'replicas', 'pod', 'pods', 'instance', 'instances', 'copies'])
const count = (word: string | undefined): number | undefined => {
  const number = numberOf(word ?? '')
  return number !== undefined && Number.isInteger(number) && number >= 0 ? number : undefined
}

/** Two counts at `words[from]` (lower case): `3-10`, `3..10`, `between 3 and 10`, `from 3 to 10`, `3 to 10`. */
export function rangeAt(words: readonly string[], from: number): Found<Range> | undefined {
  const glued = /^(\d{1,6})(?:-|\.{2,3}|:)(\d{1,6})$/.exec(words[from] ?? '')
  if (glued) return { value: { low: Number(glued[1]), high: Number(glued[2]) }, length: 1 }
  const opening = words[from] === 'between' || words[from] === 'from'
  let at = opening ? from + 1 : from
  const low = count(words[at])
  if (low === undefined) return undefined
  at++
  if (COUNTED.has(words[at] ?? '')) at++
  const joint = words[at] ?? ''
  const joins = words[from] === 'between' ? /^(?:and|to|-)$/ : /^(?:to|up|through|-|\.\.|…)$/
  if (!joins.test(joint)) return undefined
  at += joint === 'up' && words[at + 1] === 'to' ? 2 : 1
  const high = count(words[at])
  return high === undefined ? undefined : { value: { low, high }, length: at + 1 - from }
}
