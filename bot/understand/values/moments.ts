import * as chrono from 'chrono-node'
import { DateTime } from 'luxon'

export interface Clock {
  readonly now: Date
  /** IANA zone of the speaker. */
  readonly timezone: string
}

const LONGEST_TEXT = 80

/**
 * The future moment a whole text says, in the speaker's zone, as ISO 8601 with offset; undefined when it says anything else.
 * A day without a clock means its end: "until friday" covers Friday.
 */
export function momentOf(text: string, clock: Clock): string | undefined {
  const ended = /^(?:(?:the )?end of (?:the |this )?|eo)(day|d|today|month|year)$/i
    .exec(text.trim())?.[1]
    ?.toLowerCase()
  if (ended) {
    const span = ended === 'month' || ended === 'year' ? ended : 'day'
    return toIso(DateTime.fromJSDate(clock.now, { zone: clock.timezone }).endOf(span))
  }
  const trimmed = text.trim().replace(/^(?:the end of|end of)\s+/i, '')
  // What lies behind us ends nothing.
  if (
    !trimmed ||
    trimmed.length > LONGEST_TEXT ||
    /^(?:last|yesterday|past|previous|earlier)(?=\s|$)|\bago$/i.test(trimmed)
  )
    return undefined
  const month = /^(?:the )?end of (\p{L}{3,9})$/u.exec(text.trim())?.[1]
  const named = month ? chrono.parse(month, clock.now, { forwardDate: true })[0]?.start : undefined
  if (named?.isCertain('month') && !named.isCertain('day')) {
    const here = DateTime.fromJSDate(clock.now, { zone: clock.timezone })
    const said = here.set({ day: 1, month: named.get('month') ?? here.month }).endOf('month')
    return toIso(said < here ? said.plus({ years: 1 }).endOf('month') : said)
  }
  const iso = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d|$)/.test(trimmed)
    ? DateTime.fromISO(trimmed, { zone: clock.timezone })
    : undefined
  if (iso?.isValid) return toIso(/T/.test(trimmed) ? iso : iso.endOf('day'))
  const here = DateTime.fromJSDate(clock.now, { zone: clock.timezone })
  const [found, ...more] = chrono.parse(trimmed, { instant: clock.now, timezone: here.offset }, { forwardDate: true })
  if (!found || more.length || found.text.length < trimmed.replace(/^(?:at|on|the)\s+/i, '').length) return undefined
  const { start } = found
  const part = (name: Parameters<typeof start.get>[0]) => start.get(name) ?? undefined
  const said = DateTime.fromObject(
    {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour') ?? 0,
      minute: part('minute') ?? 0,
    },
    { zone: clock.timezone },
  )
  if (!said.isValid) return undefined
  // An offset that was said ("18:00 UTC") beats the speaker's own.
  if (start.isCertain('timezoneOffset')) return toIso(DateTime.fromJSDate(start.date(), { zone: clock.timezone }))
  return toIso(start.isCertain('hour') ? said : said.endOf('day'))
}

function toIso(moment: DateTime): string | undefined {
  return moment.set({ millisecond: 0 }).toISO({ suppressMilliseconds: true }) ?? undefined
}

/** The longest run of words at `from` that says a moment, and its length. */
export function momentAt(
  words: readonly string[],
  from: number,
  clock: Clock,
): { readonly value: string; readonly length: number } | undefined {
  for (let length = Math.min(6, words.length - from); length > 0; length--) {
    const value = momentOf(words.slice(from, from + length).join(' '), clock)
    if (value) return { value, length }
  }
  return undefined
}

/** From now to a future moment as a duration (`95m`), for skills that ask how long; undefined when it is not ahead. */
export function durationUntil(moment: string, clock: Clock): string | undefined {
  // A day without a clock ends at 23:59:59: its last whole minute counts.
  const end = Math.floor(new Date(moment).getTime() / 60_000)
  const minutes = Math.ceil(end - clock.now.getTime() / 60_000)
  return minutes > 0 ? (minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`) : undefined
}

const UNTIL =
  /^(?:up (?:to|until|till) and including|until and including|all the way (?:to|until)|up until|up till|until|till|til|'til|through)(?= |$)/

/** How many words lead to a moment at which something ends. */
export const untilLengthAt = (lowers: readonly string[], from: number): number =>
  UNTIL.exec(lowers.slice(from, from + 5).join(' '))?.[0].split(' ').length ?? 0
