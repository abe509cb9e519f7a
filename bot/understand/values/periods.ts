import { dayAt, monthAt, quarterAt } from './calendar-spans.ts'
import { rangedAt } from './date-ranges.ts'
import type { Direction } from './days.ts'
import type { Found } from './found.ts'
import type { Clock } from './moments.ts'
import { numberAt } from './numbers.ts'

const SPAN = /^(week|month|quarter|year)s?$/
const WHICH: Readonly<Record<string, string>> = {
  this: 'this',
  current: 'this',
  last: 'last',
  previous: 'last',
  prior: 'last',
  next: 'next',
  coming: 'next',
  upcoming: 'next',
  following: 'next',
}
const TO_DATE: Readonly<Record<string, string>> = { wtd: 'week', mtd: 'month', qtd: 'quarter', ytd: 'year' }
const DAYS_OF: Readonly<Record<string, number>> = { day: 1, week: 7, fortnight: 14, month: 30, quarter: 90, year: 365 }
const LEADING = /^(?:in|for|of|over|during|within|on|from|across|the|about)$/

/**
 * A span of time at `words[from]` (lower case), in the grammar of `Period`: `last-month`, `30d`, `2026-10`, `2026-10-01/2026-10-15`.
 * `direction` says on which side a month without a year lies. Little words in front (`in`, `over the`) belong to it.
 */
export function periodAt(
  words: readonly string[],
  from: number,
  clock: Clock,
  direction: Direction,
): Found<string> | undefined {
  const ranged = rangedAt(words, from, clock, direction)
  if (ranged) return ranged
  let at = from
  while (at - from < 3 && LEADING.test(words[at] ?? '')) at++
  const led = at > from
  const found =
    namedAt(words, at) ??
    countedAt(words, at) ??
    dayAt(words, at, clock, direction, led) ??
    monthAt(words, at, clock, direction, led) ??
    quarterAt(words, at, clock, direction)
  return found && { value: found.value, length: at - from + found.length }
}

// `last month`, `this week so far`, `month to date`, `today`
function namedAt(words: readonly string[], at: number): Found<string> | undefined {
  const word = words[at] ?? ''
  if (word === 'today' || word === 'yesterday' || word === 'tomorrow') return { value: word, length: 1 }
  if (/^(?:this|last|next)-(?:week|month|quarter|year)$/.test(word)) return { value: word, length: 1 }
  const toDate = Object.hasOwn(TO_DATE, word) ? TO_DATE[word] : undefined
  if (toDate) return { value: `this-${toDate}`, length: 1 }
  const which = Object.hasOwn(WHICH, word) ? WHICH[word] : undefined
  const calendar = words[at + 1] === 'calendar' ? 1 : 0
  const span = SPAN.exec(words[at + 1 + calendar] ?? '')?.[1]
  if (which && span) {
    const so = words[at + 2 + calendar] === 'so' && words[at + 3 + calendar] === 'far' ? 2 : 0
    const end = at + 2 + calendar
    return {
      value: `${which}-${span}`,
      length: end - at + (so || (words[end] === 'to' && words[end + 1] === 'date' ? 2 : 0)),
    }
  }
  const bare = SPAN.exec(word)?.[1]
  if (
    bare &&
    ((words[at + 1] === 'to' && words[at + 2] === 'date') || (words[at + 1] === 'so' && words[at + 2] === 'far'))
  )
    return { value: `this-${bare}`, length: 3 }
  if (word === 'so' && words[at + 1] === 'far' && words[at + 2] === 'this') {
    const later = SPAN.exec(words[at + 3] ?? '')?.[1]
    return later ? { value: `this-${later}`, length: 4 } : undefined
  }
  return undefined
}

// `last 30 days`, `past week`, `next two weeks`, `30d`, `past 12 months`
function countedAt(words: readonly string[], at: number): Found<string> | undefined {
  const compact = /^(\d{1,4})([dw])$/.exec(words[at] ?? '')
  if (compact) return { value: `${compact[1]}${compact[2]}`, length: 1 }
  const leads = /^(?:last|past|previous|next|coming|following|trailing)$/.test(words[at] ?? '')
  const start = leads ? at + 1 : at
  const glued = leads ? /^(\d{1,4})(d|w)$/.exec(words[start] ?? '') : null
  if (glued) return { value: `${glued[1]}${glued[2]}`, length: start + 1 - at }
  const couple = words[start] === 'couple' && words[start + 1] === 'of' ? { value: 2, length: 2 } : undefined
  const count = couple ?? numberAt(words, start)
  // "past week" is the seven days up to now, "last week" the one of the calendar.
  const bare = words[at] === 'past' || words[at] === 'trailing' || words[start] === 'fortnight'
  if (!count && !bare) return undefined
  const end = start + (count?.length ?? 0)
  const unit = /^(hour|day|week|fortnight|month|quarter|year)s?$/.exec(words[end] ?? '')?.[1]
  const amount = count?.value ?? 1
  if (!unit || !Number.isInteger(amount) || amount < 1) return undefined
  const length = end + 1 - at
  if (unit === 'week') return amount > 9999 ? undefined : { value: `${amount}w`, length }
  if (unit === 'hour') return amount % 24 === 0 ? { value: `${amount / 24}d`, length } : undefined
  const days = unit === 'month' && amount % 12 === 0 ? (amount / 12) * 365 : amount * (DAYS_OF[unit] ?? 1)
  return days > 9999 ? undefined : { value: `${days}d`, length }
}
