import type { Direction } from './days.ts'
import type { Found } from './found.ts'
import type { Clock } from './moments.ts'
import { periodAt } from './periods.ts'

const MARKERS: readonly (readonly string[])[] = [
  'in comparison to',
  'in comparison with',
  'compared to',
  'compared with',
  'compared against',
  'comparing to',
  'comparing with',
  'compare to',
  'compare with',
  'compare against',
  'compare it to',
  'compare it with',
  'compare that to',
  'compare that with',
  'relative to',
  'measured against',
  'than in',
  'than',
  'versus',
  'against',
  'vs.',
  'vs',
].map((marker) => marker.split(' '))

const BEFORE =
  /^(?:the )?(?:(?:previous|prior|preceding|last|same) (?:period|one|time)(?: (?:before|last (?:year|month|week)))?|(?:the )?\d+ (?:days?|weeks?|months?)? ?before(?: that)?|(?:period|one|week|month|quarter|year|days|time) before(?: (?:that|it))?|before|previous)(?= |$)/
const RHYTHM = /^(day|week|month|quarter|year) (?:over|on|by) \1(?= |$)|^(?:wow|mom|qoq|yoy)(?= |$)/
const LONGEST_BEFORE_WORDS = 6

/** The period a cost is held against, at `words[from]` (lower case): `vs last month`, `compared to the previous period`, `week over week`. */
export function comparisonAt(
  words: readonly string[],
  from: number,
  clock: Clock,
  direction: Direction,
): Found<string> | undefined {
  const rhythm = RHYTHM.exec(words.slice(from, from + 3).join(' '))
  if (rhythm) return { value: 'previous', length: rhythm[0].split(' ').length }
  const marker = MARKERS.find((said) => said.every((word, index) => words[from + index] === word))
  if (!marker) return undefined
  const at = from + marker.length
  const period = periodAt(words, at, clock, direction)
  if (period) return { value: period.value, length: marker.length + period.length }
  const before = BEFORE.exec(words.slice(at, at + LONGEST_BEFORE_WORDS).join(' '))
  return before ? { value: 'previous', length: marker.length + before[0].split(' ').length } : undefined
}
