import { DateTime } from 'luxon'
import type { Found } from './found.ts'
import type { Clock } from './moments.ts'

/** Whether an unsaid year or week is the last one or the coming one. */
export type Direction = 'past' | 'future'

const MONTHS = 'january february march april may june july august september october november december'.split(' ')
const WEEKDAYS = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ')

/** 1–12 for a month's name or its short form. */
export function monthOf(word: string | undefined): number | undefined {
  if (!word || word.length < 3) return undefined
  const at = MONTHS.findIndex((month) => month === word || (word.length <= 4 && month.startsWith(word)))
  return at < 0 ? undefined : at + 1
}

/** `monday` for a weekday's name, its short form or its plural. */
export function weekdayOf(word: string | undefined): string | undefined {
  if (!word || word.length < 3) return undefined
  const plain = word.replace(/'?s$/, '')
  return WEEKDAYS.find(
    (day) =>
      day === plain ||
      day === word ||
      (/^(?:mon|tues?|wed|weds|thur?s?|fri|sat|sun)$/.test(word) && day.startsWith(word.slice(0, 3))),
  )
}

export const here = (clock: Clock): DateTime => DateTime.fromJSDate(clock.now, { zone: clock.timezone })

/** The year of a month that was named without one: the nearest such month on that side, this one included. */
export function yearFor(month: number, clock: Clock, direction: Direction): number {
  const now = here(clock)
  if (direction === 'past') return month <= now.month ? now.year : now.year - 1
  return month >= now.month ? now.year : now.year + 1
}

export const yearOf = (word: string | undefined): number | undefined =>
  word !== undefined && /^20\d\d$/.test(word) ? Number(word) : undefined

const dayNumber = (word: string | undefined): number | undefined => {
  const match = /^(\d{1,2})(?:st|nd|rd|th|\.)?$/.exec(word ?? '')
  const day = match ? Number(match[1]) : undefined
  return day !== undefined && day >= 1 && day <= 31 ? day : undefined
}

/** A calendar day without its month or year, as it may stand in `from 1 to 15 october`. */
export interface SaidDay {
  readonly day: number
  readonly month?: number
  readonly year?: number
}

/** The days at `words[from]` (lower case): `2026-10-01`, `1 october 2026`, `october 1st`, `the 1st of october`, `1`. */
export function saidDayAt(words: readonly string[], from: number): Found<SaidDay> | undefined {
  let at = words[from] === 'the' ? from + 1 : from
  const iso = /^(20\d\d)-(\d\d)-(\d\d)$/.exec(words[at] ?? '')
  if (iso) return { value: { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }, length: at + 1 - from }
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(20\d\d)?$/.exec(words[at] ?? '')
  if (dotted) {
    const year = dotted[3] ? Number(dotted[3]) : undefined
    return { value: { day: Number(dotted[1]), month: Number(dotted[2]), year }, length: at + 1 - from }
  }
  const monthFirst = monthOf(words[at])
  const first = dayNumber(words[monthFirst ? at + 1 : at])
  if (first === undefined) return undefined
  at += monthFirst ? 2 : 1
  if (!monthFirst && words[at] === 'of' && monthOf(words[at + 1])) at++
  const month = monthFirst ?? monthOf(words[at])
  if (!monthFirst && month) at++
  const year = month ? yearOf(words[at]) : undefined
  if (year) at++
  return { value: { day: first, month, year }, length: at - from }
}

/** The ISO date of a day that names at least its month; undefined for the 31st of a short month. */
export function isoDay(said: SaidDay, clock: Clock, direction: Direction): string | undefined {
  if (said.month === undefined) return undefined
  const year = said.year ?? yearFor(said.month, clock, direction)
  const day = DateTime.fromObject({ year, month: said.month, day: said.day }, { zone: clock.timezone })
  return day.isValid ? (day.toISODate() ?? undefined) : undefined
}

/** The nearest day of that name, today included for the past, excluded for the future. */
export function weekdayNear(name: string, clock: Clock, direction: Direction): DateTime {
  const today = here(clock).startOf('day')
  const wanted = WEEKDAYS.indexOf(name) + 1
  const back = (today.weekday - wanted + 7) % 7
  return direction === 'past' ? today.minus({ days: back }) : today.plus({ days: back === 0 ? 7 : 7 - back })
}
