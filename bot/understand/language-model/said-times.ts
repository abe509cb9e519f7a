import { DateTime } from 'luxon'
import type { Clock } from '../values/moments.ts'
import { plainText } from './said-names.ts'
import { numbersIn, saysDuration } from './said-numbers.ts'

const DAY_MINUTES = 24 * 60
/** The test of a duration that runs until a clock time, which may be a minute old when it is made. */
const SLACK_MINUTES = 1

const TIMES: readonly (readonly [RegExp, number])[] = [
  [/(?<!\p{L})(?:noon|midday|mittag|mediodia|midi)(?!\p{L})|正午/u, 12 * 60],
  [/(?<!\p{L})(?:midnight|mitternacht|medianoche|minuit)(?!\p{L})|深夜0時|零時/u, 0],
]
/** Words for a day or a date: what ends with it ends at its midnight. */
const DAYS =
  /(?<!\p{L})(?:to(?:day|morrow|night)|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:mon|tue|wed|thu|fri|sat|sun)|weekend|week|month|day|eod|heute|morgen|gestern|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|woche|tag|hoy|manana|ayer|lunes|martes|miercoles|jueves|viernes|sabado|domingo|semana|dia|aujourd'hui|demain|hier|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semaine|jour)(?!\p{L})|今日|明日|昨日|曜|週|日/u
const MONTHS: readonly RegExp[] = [
  'jan\\w*|enero',
  'feb\\w*|fevrier',
  'mar(?:ch|z|zo|s)?|marz|maerz',
  'apr\\w*|abril|avril',
  'may|mai|mayo',
  'jun[ei]?|juni[o]?|juin',
  'jul[yi]?|julio|juillet',
  'aug\\w*|agosto|aout',
  'sept?\\w*',
  'o[ck]t\\w*',
  'nov\\w*',
  'de[cz]\\w*|dic\\w*',
].map((names) => new RegExp(`(?<!\\p{L})(?:${names})(?!\\p{L})`, 'u'))

/** The clock times that a text says, in minutes of the day; `6` and `half past six` may mean both halves of the day. */
export function clockTimesIn(text: string): ReadonlySet<number> {
  const plain = plainText(text)
  const found = new Set<number>()
  const add = (hour: number, minute: number, half = '') => {
    if (hour > 24 || minute > 59) return
    const hours = /^p/.test(half)
      ? [(hour % 12) + 12]
      : /^a/.test(half)
        ? [hour % 12]
        : hour < 12
          ? [hour, hour + 12]
          : [hour]
    for (const one of hours) found.add((one * 60 + minute) % DAY_MINUTES)
  }
  for (const [, hour, minute = '0', half] of plain.matchAll(
    /(?<![\d.])(\d{1,2})(?:[:.h時](\d{2})?)?分?\s*([ap]\.?m)?(?!\d)/gu,
  ))
    add(Number(hour), Number(minute), half)
  for (const [pattern, minutes] of TIMES) if (pattern.test(plain)) found.add(minutes)
  const numbers = numbersIn(text)
  for (const hour of numbers) {
    if (!Number.isInteger(hour) || hour > 24) continue
    add(hour, 0)
    // "half past nine", and "halb neun", which is an hour earlier.
    if (numbers.has(0.5)) for (const one of [hour, hour - 1]) if (one >= 0) add(one, 30)
    if (numbers.has(0.25)) for (const minute of [15, 45]) add(minute === 45 ? Math.max(0, hour - 1) : hour, minute)
  }
  return found
}

/** The months a text names, 1–12. */
export const monthsIn = (text: string): ReadonlySet<number> => {
  const plain = plainText(text)
  return new Set(MONTHS.flatMap((pattern, index) => (pattern.test(plain) ? [index + 1] : [])))
}

/** Whether a text says a length of time: as one, or as the time from now to (or back to) a clock time or a day it names. */
export function saysLength(text: string, duration: string, ms: number, clock: Clock): boolean {
  if (saysDuration(numbersIn(text), duration)) return true
  return [ms, -ms].some((offset) => saysInstant(text, new Date(clock.now.getTime() + offset), clock))
}

/** Whether a text says a moment, given as ISO 8601: its clock time, the day that it ends, or how far off it is. */
export function saysMoment(text: string, iso: string, clock: Clock): boolean {
  const moment = new Date(iso)
  if (Number.isNaN(moment.getTime())) return false
  const minutes = Math.round((moment.getTime() - clock.now.getTime()) / 60_000)
  return saysInstant(text, moment, clock) || (minutes > 0 && saysDuration(numbersIn(text), `${minutes}m`))
}

function saysInstant(text: string, moment: Date, clock: Clock): boolean {
  const there = DateTime.fromJSDate(moment, { zone: clock.timezone })
  const minutes = Math.round((there.diff(there.startOf('day')).as('minutes') % DAY_MINUTES) * 10) / 10
  const near = (wanted: number) =>
    Math.abs(minutes - wanted) <= SLACK_MINUTES || DAY_MINUTES - Math.abs(minutes - wanted) <= SLACK_MINUTES
  if ([...clockTimesIn(text)].some((time) => time !== 0 && near(time))) return true
  return (
    near(0) &&
    (DAYS.test(plainText(text)) || monthsIn(text).size > 0 || /\d{4}-\d\d-\d\d/.test(text) || clockTimesIn(text).has(0))
  )
}
