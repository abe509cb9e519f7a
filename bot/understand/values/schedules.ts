import { clockTimeAt, halfOf } from './clock-times.ts'
import { weekdayOf } from './days.ts'
import type { Found } from './found.ts'

export interface SaidSchedule extends Found<string> {
  /** A part of the day was said that has no clock: `every morning`. */
  readonly vague?: boolean
}

// `every now and then` is no time at all.
const NOW = /^(?:right now|right away|straight away|at once|immediately|now)(?! and (?:then|again))(?= |$)/
const RHYTHMS: readonly (readonly [RegExp, string])[] = [
  [/^(?:every|each|once an|once every) hour(?= |$)|^(?:every|each) 60 minutes(?= |$)|^hourly(?= |$)/, 'hourly'],
  [
    /^(?:(?:on )?(?:every|each) (?:single )?(?:weekday|workday|work day|working day|week day|business day)|(?:on )?(?:weekdays|workdays|working days|business days)|(?:from )?(?:monday|mon) (?:to|through|until|-) (?:friday|fri)|mon-fri|monday-friday)(?= |$)/,
    'weekdays',
  ],
  [/^(?:on )?(?:the )?(?:first|1st)(?: day)? of (?:every|each|the|a) month(?= |$)/, 'monthly'],
  [/^(?:every|each|once a|once per|once every|once each) month(?= |$)|^monthly(?= |$)/, 'monthly'],
  [/^(?:every|each|once a|once per|once every) day(?= |$)|^daily(?= |$)|^(?:every|each) 24 hours(?= |$)/, 'daily'],
  [/^(?:every|each|once a|once per|once every) week(?= |$)|^weekly(?= |$)/, 'weekly'],
]
const LONGEST_RHYTHM_WORDS = 7

/**
 * A rhythm at `words[from]` (lower case) in the grammar of `Schedule`: `every day at 9` → `daily 09:00`, `mondays 8:30`, `weekdays at
 * 17:00`, `9am daily`, `right now`. What that grammar cannot hold ("every other day") is not found.
 */
export function scheduleAt(words: readonly string[], from: number): SaidSchedule | undefined {
  const now = NOW.exec(words.slice(from, from + 4).join(' '))
  if (now && words[from - 1] !== 'every') return { value: 'now', length: now[0].split(' ').length }
  const time = clockTimeAt(words, from)
  if (time) {
    const rhythm = rhythmAt(words, from + time.length)
    if (!rhythm || rhythm.value === 'hourly') return undefined
    return { value: `${rhythm.value} ${time.value}`, length: time.length + rhythm.length }
  }
  const rhythm = rhythmAt(words, from)
  if (!rhythm || rhythm.value === 'hourly') return rhythm
  let at = from + rhythm.length
  const half = rhythm.half ?? halfOf(words[at])
  if (!rhythm.half && half) at++
  const joint = words[at] === ',' || words[at] === 'in' || words[at] === 'the' ? 1 : 0
  const clock = clockTimeAt(words, at) ?? (joint ? clockTimeAt(words, at + joint) : undefined) ?? bareHourAt(words, at)
  if (!clock)
    return half ? { value: rhythm.value, length: at - from, vague: true } : { value: rhythm.value, length: at - from }
  return { value: `${rhythm.value} ${inHalf(clock.value, half)}`, length: at - from + clock.length }
}

interface Rhythm extends Found<string> {
  readonly half?: 'am' | 'pm'
}

function rhythmAt(words: readonly string[], from: number): Rhythm | undefined {
  const run = words.slice(from, from + LONGEST_RHYTHM_WORDS).join(' ')
  for (const [pattern, value] of RHYTHMS) {
    const match = pattern.exec(run)
    if (!match) continue
    const length = match[0].split(' ').length
    // `weekly on mondays` is `monday`.
    const day = value === 'weekly' ? dayAt(words, from + length) : undefined
    return day ? { value: day.value, length: length + day.length } : { value, length }
  }
  const part = /^(?:every|each) (morning|afternoon|evening|night)(?= |$)/.exec(run)
  if (part) return { value: 'daily', length: 2, half: halfOf(part[1]) }
  return dayAt(words, from)
}

// `monday`, `on mondays`, `every monday`, `each monday`
function dayAt(words: readonly string[], from: number): Found<string> | undefined {
  let at = from
  while (at - from < 3 && /^(?:on|every|each|a|single)$/.test(words[at] ?? '')) at++
  const day = weekdayOf(words[at])
  // `monday and thursday`, `every second monday`: one day of each week is all that can be kept.
  const before = words[at - 1] ?? ''
  const after = /^(?:and|or|-|to)$/.test(before) && weekdayOf(words[at - 2])
  if (after || /^(?:other|second|2nd|alternate|third|first|last)$/.test(before)) return undefined
  if (!day || (/^(?:and|or|-|to)$/.test(words[at + 1] ?? '') && weekdayOf(words[at + 2]))) return undefined
  return { value: day, length: at + 1 - from }
}

// `daily 9`: only a whole hour that nothing follows as a unit.
function bareHourAt(words: readonly string[], at: number): Found<string> | undefined {
  const hour = /^(?:[01]?\d|2[0-3])$/.exec(words[at] ?? '')?.[0]
  return hour === undefined || words[at + 1] !== undefined
    ? undefined
    : { value: `${hour.padStart(2, '0')}:00`, length: 1 }
}

function inHalf(time: string, half: 'am' | 'pm' | undefined): string {
  const hour = Number(time.slice(0, 2))
  return half === 'pm' && hour > 0 && hour < 12 ? `${hour + 12}${time.slice(2)}` : time
}
