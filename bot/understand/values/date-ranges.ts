import { dayAt, monthAt } from './calendar-spans.ts'
import { type Direction, here, isoDay, monthOf, type SaidDay, saidDayAt, yearOf } from './days.ts'
import type { Found } from './found.ts'
import type { Clock } from './moments.ts'

/** Days from–to, both included: `from 1 to 15 october`, `between oct 1 and oct 15`, `2026-10-01/2026-10-15`, `1-15 october`, `since monday`. */
export function rangedAt(
  words: readonly string[],
  from: number,
  clock: Clock,
  direction: Direction,
): Found<string> | undefined {
  const iso = /^(20\d\d-\d\d-\d\d)(?:\/|\.\.)(20\d\d-\d\d-\d\d)$/.exec(words[from] ?? '')
  if (iso?.[1] && iso[2]) return spanOf(iso[1], iso[2], 1)
  if (words[from] === 'since') return sinceAt(words, from, clock)
  const at = /^(?:from|between)$/.test(words[from] ?? '') ? from + 1 : from
  const short = /^(\d{1,2})-(\d{1,2})$/.exec(words[at] ?? '')
  const monthBefore = monthOf(words[at])
  const days = /^(\d{1,2})-(\d{1,2})$/.exec(words[at + 1] ?? '')
  if (short || (monthBefore && days)) {
    const [, first, last] = short ?? days ?? []
    const of = short && words[at + 1] === 'of' ? 1 : 0
    const month = short ? monthOf(words[at + 1 + of]) : monthBefore
    const end = at + 2 + of
    const year = yearOf(words[end])
    const start = isoDay({ day: Number(first), month, year }, clock, direction)
    const stop = isoDay({ day: Number(last), month, year }, clock, direction)
    return start && stop ? spanOf(start, stop, end + (year ? 1 : 0) - from) : undefined
  }
  const first = saidDayAt(words, at)
  if (!first) return undefined
  const joint = at + first.length
  if (!/^(?:to|until|till|through|and|-|til)$/.test(words[joint] ?? '')) return undefined
  const last = saidDayAt(words, joint + 1)
  if (!last || !(first.value.month || last.value.month)) return undefined
  const year = last.value.year ?? first.value.year
  const month = (one: SaidDay, other: SaidDay) => one.month ?? other.month
  const start = isoDay(
    { day: first.value.day, month: month(first.value, last.value), year: first.value.year ?? year },
    clock,
    direction,
  )
  const stop = isoDay({ day: last.value.day, month: month(last.value, first.value), year }, clock, direction)
  return start && stop ? spanOf(start, stop, joint + 1 + last.length - from) : undefined
}

const spanOf = (start: string, stop: string, length: number): Found<string> | undefined =>
  start <= stop ? { value: `${start}/${stop}`, length } : undefined

// From a day up to today.
function sinceAt(words: readonly string[], from: number, clock: Clock): Found<string> | undefined {
  const said = dayAt(words, from + 1, clock, 'past', true)
  const start = said?.value.split('/')[0]
  const today = here(clock).toISODate()
  if (start && today) return spanOf(start, today, said.length + 1)
  const month = monthAt(words, from + 1, clock, 'past', true)
  return month && /^\d{4}-\d\d$/.test(month.value) && today
    ? spanOf(`${month.value}-01`, today, month.length + 1)
    : undefined
}
