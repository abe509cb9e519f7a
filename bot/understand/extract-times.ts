import { DateTime } from 'luxon'
import { durationMs } from '../../core/parameters.ts'
import type { Extracting } from './extract.ts'
import { takeOne } from './extract-values.ts'
import type { Parameter } from './parameters.ts'
import { durationUntil } from './values/moments.ts'

/** A length of time, or the time until a moment. */
export function takeDuration(work: Extracting, parameter: Parameter, parameters: readonly Parameter[]): void {
  const rivals = parameters.filter((other) => other.kind === 'duration')
  if (parameter.name === 'since' && takeOne(work, parameter, 'since')) return
  const items = work
    .unusedSlots('duration')
    .filter((item) => !/^(?:in|every|after|within|before)$/.test(work.previous(item)))
    .filter((item) => rivals.length === 1 || work.previous(item) === parameter.name)
  const [item] = items
  if (item?.slot) {
    work.used.add(item)
    work.said[parameter.name] = { value: item.slot.value }
    return
  }
  const [until] = work.unusedSlots('moment')
  if (!until?.slot || parameters.some((other) => other.kind === 'moment')) return
  const length = durationUntil(String(until.slot.value), work.known.clock)
  if (!length) return
  work.used.add(until)
  work.said[parameter.name] = { value: length }
}

// `for the next 3 hours` ends at a moment.
export function takeSpan(work: Extracting, parameter: Parameter): void {
  const [span] = work.unusedSlots('duration')
  const lengthMs = span?.slot && durationMs(String(span.slot.value))
  if (!span || !lengthMs || !/^(?:for|next|the|another|<person>)$/.test(work.previous(span))) return
  const { now, timezone } = work.known.clock
  const until = DateTime.fromJSDate(new Date(now.getTime() + lengthMs), { zone: timezone }).set({ millisecond: 0 })
  const value = until.toISO({ suppressMilliseconds: true })
  if (!value) return
  work.used.add(span)
  work.said[parameter.name] = { value }
}
