import type { Found } from './found.ts'
import { numberOf } from './numbers.ts'

const PARTS: Readonly<Record<string, 'am' | 'pm'>> = { morning: 'am', afternoon: 'pm', evening: 'pm', night: 'pm' }

/** A time of the day at `words[from]` (lower case) as `09:00`: `at 9`, `9am`, `17:30`, `5 pm`, `noon`, `half past eight`, `at six in the evening`. */
export function clockTimeAt(words: readonly string[], from: number): Found<string> | undefined {
  const led = /^(?:at|@|around|by)$/.test(words[from] ?? '')
  let at = led ? from + 1 : from
  const word = words[at] ?? ''
  if (/^(?:noon|midday)$/.test(word)) return { value: '12:00', length: at + 1 - from }
  if (word === 'midnight') return { value: '00:00', length: at + 1 - from }
  const past = pastAt(words, at)
  if (past) return { value: past.value, length: at - from + past.length }
  const match = /^(\d{1,2})(?:[:.h](\d\d)|h)?(am|pm|a\.m|p\.m)?$/.exec(word)
  const spelt = led && !match ? numberOf(word) : undefined
  if (!match && spelt === undefined) return undefined
  const hour = match ? Number(match[1]) : (spelt ?? 0)
  let half = match?.[3]?.replace(/\./g, '') as 'am' | 'pm' | undefined // the pattern has only these two
  at++
  const next = (words[at] ?? '').replace(/\./g, '')
  let marked = /[:.h]/.test(word) || half !== undefined
  if (!half && (next === 'am' || next === 'pm')) {
    half = next
    marked = true
    at++
  } else if (words[at] === "o'clock" || words[at] === 'oclock' || words[at] === 'h' || words[at] === 'hours') {
    marked = true
    at++
  }
  const part = words[at] === 'in' && words[at + 1] === 'the' ? PARTS[words[at + 2] ?? ''] : undefined
  if (part && !half) {
    half = part
    at += 3
  }
  if (!led && !marked) return undefined
  return timed(hour, Number(match?.[2] ?? 0), half, at - from)
}

// `half past eight`, `quarter to nine`
function pastAt(words: readonly string[], at: number): Found<string> | undefined {
  const minutes = words[at] === 'half' ? 30 : words[at] === 'quarter' ? 15 : undefined
  const side = words[at + 1]
  const hour = numberOf(words[at + 2] ?? '')
  if (minutes === undefined || hour === undefined || hour < 1 || hour > 23 || !/^(?:past|to)$/.test(side ?? ''))
    return undefined
  const part = words[at + 3] === 'in' && words[at + 4] === 'the' ? PARTS[words[at + 5] ?? ''] : undefined
  const half = part ?? (/^[ap]m$/.test(words[at + 3] ?? '') ? (words[at + 3] as 'am' | 'pm') : undefined) // looked at just before
  const length = part ? 6 : half ? 4 : 3
  if (side === 'past') return timed(hour, minutes, half, length)
  return minutes === 15 ? timed(hour - 1, 45, half, length) : undefined
}

function timed(hour: number, minute: number, half: 'am' | 'pm' | undefined, length: number): Found<string> | undefined {
  if (half && (hour < 1 || hour > 12) && !(half === 'pm' && hour < 24)) return undefined
  const full = half === 'pm' && hour < 12 ? hour + 12 : half === 'am' && hour === 12 ? 0 : hour
  if (!Number.isInteger(full) || full > 23 || minute > 59) return undefined
  return { value: `${String(full).padStart(2, '0')}:${String(minute).padStart(2, '0')}`, length }
}

/** Half of the day that a part of it lies in: `morning` → am. */
export const halfOf = (word: string | undefined): 'am' | 'pm' | undefined =>
  word !== undefined && Object.hasOwn(PARTS, word) ? PARTS[word] : undefined
