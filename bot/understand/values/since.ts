import { DateTime } from 'luxon'
import { clockTimeAt } from './clock-times.ts'
import { here, isoDay, saidDayAt, weekdayNear, weekdayOf } from './days.ts'
import { durationAt } from './durations.ts'
import type { Found } from './found.ts'
import type { Clock } from './moments.ts'

const UNIT: Readonly<Record<string, string>> = {
  minute: '1m',
  min: '1m',
  hour: '1h',
  day: '1d',
  week: '1w',
  second: '1s',
}
const LEADING = /^(?:in|over|from|within|for|of|during|since|the|about|around|roughly)$/

/**
 * How far back from now, said at `words[from]` (lower case), as a duration: `since 14:00`, `since yesterday`, `the last 20 minutes`,
 * `past hour`, `2 hours ago`, `today`. A day means its midnight in the speaker's zone.
 */
export function sinceAt(words: readonly string[], from: number, clock: Clock): Found<string> | undefined {
  let at = from
  while (at - from < 3 && LEADING.test(words[at] ?? '')) at++
  const since = words.slice(from, at).includes('since')
  const back = lastAt(words, at) ?? agoAt(words, at, since)
  if (back) return { value: back.value, length: at - from + back.length }
  const start = startAt(words, at, clock, since)
  if (!start) return undefined
  const minutes = Math.floor((clock.now.getTime() - start.value.toMillis()) / 60_000)
  if (minutes <= 0) return undefined
  const hours = Math.floor(minutes / 60)
  const value = `${hours ? `${hours}h` : ''}${minutes % 60 ? `${minutes % 60}m` : ''}`
  return { value, length: at - from + start.length }
}

function lastAt(words: readonly string[], at: number): Found<string> | undefined {
  if (!/^(?:last|past|previous)$/.test(words[at] ?? '')) return undefined
  const counted = durationAt(words, at + 1)
  if (counted) return { value: counted.value, length: counted.length + 1 }
  const unit = words[at + 1] ?? ''
  // `the past hour and a half`
  const more = durationAt(['an', ...words.slice(at + 1, at + 6)], 0)
  if (more && more.length > 2) return { value: more.value, length: more.length }
  return Object.hasOwn(UNIT, unit) ? { value: UNIT[unit] ?? '', length: 2 } : undefined
}

function agoAt(words: readonly string[], at: number, since: boolean): Found<string> | undefined {
  const counted = durationAt(words, at)
  if (!counted) return undefined
  if (words[at + counted.length] === 'ago') return { value: counted.value, length: counted.length + 1 }
  return since ? counted : undefined
}

function startAt(words: readonly string[], at: number, clock: Clock, since: boolean): Found<DateTime> | undefined {
  const now = here(clock)
  const midnight = now.startOf('day')
  const word = words[at] ?? ''
  if (word === 'today' || word === 'midnight') return { value: midnight, length: 1 }
  const day =
    word === 'yesterday' ? { value: midnight.minus({ days: 1 }), length: 1 } : namedDay(words, at, clock, since)
  if (day) {
    const time = clockTimeAt(words, at + day.length)
    return time ? { value: atTime(day.value, time.value), length: day.length + time.length } : day
  }
  if (word === 'this' && /^(?:week|month)$/.test(words[at + 1] ?? ''))
    return { value: now.startOf(words[at + 1] === 'week' ? 'week' : 'month'), length: 2 }
  const time = since ? (clockTimeAt(words, at) ?? clockTimeAt(['at', ...words.slice(at, at + 3)], 0)) : undefined
  if (!time) return undefined
  const length = clockTimeAt(words, at) ? time.length : time.length - 1
  const said = atTime(midnight, time.value)
  const value = said > now ? said.minus({ days: 1 }) : said
  const yesterday = words[at + length] === 'yesterday'
  return {
    value: yesterday ? atTime(midnight.minus({ days: 1 }), time.value) : value,
    length: length + (yesterday || words[at + length] === 'today' ? 1 : 0),
  }
}

function namedDay(words: readonly string[], at: number, clock: Clock, since: boolean): Found<DateTime> | undefined {
  const last = words[at] === 'last' ? 1 : 0
  const weekday = since || last ? weekdayOf(words[at + last]) : undefined
  if (weekday) return { value: weekdayNear(weekday, clock, 'past'), length: 1 + last }
  const day = since ? saidDayAt(words, at) : undefined
  const iso = day && isoDay(day.value, clock, 'past')
  return iso ? { value: DateTime.fromISO(iso, { zone: clock.timezone }), length: day.length } : undefined
}

function atTime(day: DateTime, time: string): DateTime {
  return day.set({ hour: Number(time.slice(0, 2)), minute: Number(time.slice(3)) })
}
