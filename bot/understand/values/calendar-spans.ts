import { DateTime } from 'luxon'
import { type Direction, here, isoDay, monthOf, saidDayAt, weekdayNear, weekdayOf, yearFor, yearOf } from './days.ts'
import type { Found } from './found.ts'
import type { Clock } from './moments.ts'

/** A month or a year: `october`, `oct 2026`, `2026-10`, `last october`. `led`: a little word like `in` stood in front. */
export function monthAt(
  words: readonly string[],
  at: number,
  clock: Clock,
  direction: Direction,
  led: boolean,
): Found<string> | undefined {
  const iso = /^20\d\d-(?:0[1-9]|1[0-2])$/.exec(words[at] ?? '')
  if (iso) return { value: iso[0], length: 1 }
  const slashed = /^(0?[1-9]|1[0-2])\/(20\d\d)$/.exec(words[at] ?? '')
  if (slashed) return { value: `${slashed[2]}-${slashed[1]?.padStart(2, '0')}`, length: 1 }
  const year = yearOf(words[at])
  if (year && (led || words.length === 1)) return { value: `${year}-01-01/${year}-12-31`, length: 1 }
  const which = /^(?:last|this|next)$/.test(words[at] ?? '') ? words[at] : undefined
  const start = which ? at + 1 : at
  const word = words[start]
  const month = monthOf(word)
  if (!month) return undefined
  const of = words[start + 1] === 'of' ? 1 : 0
  const said =
    yearOf(words[start + 1 + of]) ??
    (words[start + 1] === 'last' && words[start + 2] === 'year' ? here(clock).year - 1 : undefined)
  // "may" and "march" are verbs as well.
  if (/^(?:may|march|mar|dec|sep|jan)$/.test(word ?? '') && !led && !which && !said && words.length > 1)
    return undefined
  const side: Direction = which === 'last' ? 'past' : which === 'next' ? 'future' : direction
  const now = here(clock)
  let of_ = said ?? yearFor(month, clock, side)
  if (!said && which === 'last' && month === now.month) of_--
  if (!said && which === 'next' && month === now.month) of_++
  const extra = yearOf(words[start + 1 + of]) ? 1 + of : said ? 2 : 0
  return { value: `${of_}-${String(month).padStart(2, '0')}`, length: start + 1 + extra - at }
}

const QUARTERS: Readonly<Record<string, number>> = {
  first: 1,
  '1st': 1,
  second: 2,
  '2nd': 2,
  third: 3,
  '3rd': 3,
  fourth: 4,
  '4th': 4,
}

/** A quarter as its first and last day: `q3`, `q3 2026`, `third quarter`. */
export function quarterAt(
  words: readonly string[],
  at: number,
  clock: Clock,
  direction: Direction,
): Found<string> | undefined {
  const short = /^q([1-4])$/.exec(words[at] ?? '')?.[1]
  const ordinal = words[at + 1] === 'quarter' ? QUARTERS[words[at] ?? ''] : undefined
  const quarter = short ? Number(short) : ordinal
  if (!quarter) return undefined
  let end = at + (short ? 1 : 2)
  if (words[end] === 'of' && yearOf(words[end + 1])) end++
  const said = yearOf(words[end])
  if (said) end++
  const now = here(clock).quarter
  const shift = direction === 'past' ? (quarter > now ? -1 : 0) : quarter < now ? 1 : 0
  const start = DateTime.utc(said ?? here(clock).year + shift, quarter * 3 - 2, 1)
  return { value: `${start.toISODate()}/${start.endOf('quarter').toISODate()}`, length: end - at }
}

/** A single day as a span from it to itself: `on october 5`, `on monday`. */
export function dayAt(
  words: readonly string[],
  at: number,
  clock: Clock,
  direction: Direction,
  led: boolean,
): Found<string> | undefined {
  const day = saidDayAt(words, at)
  const iso = day && isoDay(day.value, clock, direction)
  if (iso) return { value: `${iso}/${iso}`, length: day.length }
  const which = /^(?:last|next|this)$/.test(words[at] ?? '') ? 1 : 0
  const weekday = weekdayOf(words[at + which])
  if (!weekday || (!led && !which)) return undefined
  const near = weekdayNear(
    weekday,
    clock,
    words[at] === 'next' ? 'future' : words[at] === 'last' ? 'past' : direction,
  ).toISODate()
  return { value: `${near}/${near}`, length: 1 + which }
}
