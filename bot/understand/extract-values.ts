import type { Item } from './clauses.ts'
import type { Extracting } from './extract.ts'
import type { Parameter } from './parameters.ts'
import type { SlotKind } from './slots.ts'
import { NOISE } from './stop-words.ts'
import { bareIncidentOf } from './values/incidents.ts'
import { bareMoneyOf } from './values/money.ts'

/** Takes the one value of a kind; several different ones are asked about. Returns whether there was any. */
export function takeOne(work: Extracting, parameter: Parameter, ...kinds: readonly SlotKind[]): boolean {
  const items = work.items.filter((item) => item.slot && kinds.includes(item.slot.kind) && !work.used.has(item))
  const [first] = items
  if (!first?.slot) return false
  for (const item of items) work.used.add(item)
  const values = first.slot.several ?? [...new Set(items.map((item) => String(item.slot?.value)))]
  if (values.length === 1) work.said[parameter.name] = { value: first.slot.value }
  else {
    const says = `Several were named for the ${parameter.label}: ${values.join(', ')}. Which one?`
    work.said[parameter.name] = { value: [...values], unclear: { says, options: values } }
  }
  return true
}

/** `resolve 142`: a lone number is the incident where nothing else is asked for. */
export function takeIncident(work: Extracting, parameter: Parameter): void {
  if (takeOne(work, parameter, 'incident')) return
  const [number, ...more] = work.unusedSlots('number')
  const bare = work.items.find((item) => !item.slot && /^#\d+$/.test(item.text))
  const item = number && more.length === 0 ? number : bare
  const id = item && bareIncidentOf(item.slot?.said ?? item.text)
  if (!item || !id) return
  work.used.add(item)
  work.said[parameter.name] = { value: id }
}

/** Money with its currency, else a lone number. */
export function takeMoney(work: Extracting, parameter: Parameter): void {
  if (takeOne(work, parameter, 'money')) return
  const [number, ...more] = work.unusedSlots('number')
  const amount =
    number?.slot && more.length === 0
      ? (bareMoneyOf(number.slot.said) ?? bareMoneyOf(String(number.slot.value)))
      : undefined
  if (!number || amount === undefined) return
  work.used.add(number)
  work.said[parameter.name] = { value: amount }
}

/** The period, or the one to compare with: `compare october with september` names both. */
export function takePeriod(work: Extracting, parameter: Parameter): void {
  const periods = work.unusedSlots('period')
  if (parameter.name !== 'compare') {
    const [first, ...more] = periods
    const compares = more.length === 1 && comparing(work)
    if (!first?.slot || !compares) {
      takeOne(work, parameter, 'period')
      return
    }
    work.used.add(first)
    work.said[parameter.name] = { value: first.slot.value }
    return
  }
  if (takeOne(work, parameter, 'compare')) return
  const [other] = periods
  if (!other?.slot || !comparing(work)) return
  work.used.add(other)
  work.said[parameter.name] = { value: other.slot.value }
}

const comparing = (work: Extracting): boolean =>
  work.items.some((item) => /^(?:compare|comparing|comparison)$/.test(item.text))

/** When a digest comes; a part of the day without a clock is asked about. */
export function takeSchedule(work: Extracting, parameter: Parameter): void {
  const vague = work.unusedSlots('schedule').find((item) => item.slot?.vague)?.slot
  if (!takeOne(work, parameter, 'schedule') || !vague) return
  const day = String(vague.value)
  const options = ['08:00', '09:00', '17:00'].map((time) => `${day} ${time}`)
  work.said[parameter.name] = { value: day, unclear: { says: `At what time is "${vague.said}"?`, options } }
}

/** A channel written as one, or by its name in front of the word. */
export function takeChannel(work: Extracting, parameter: Parameter): void {
  if (takeOne(work, parameter, 'channel')) return
  const at = work.items.findIndex((item) => item.text === 'channel')
  const item = [work.items[at - 1], work.items[at + 1]].find(
    (one) => at >= 0 && one && (one.slot ? /^(?:service|environment|team)$/.test(one.slot.kind) : isChannelName(one)),
  )
  if (!item) return
  work.used.add(item)
  work.said[parameter.name] = { value: `#${(item.slot?.said ?? item.text).toLowerCase()}` }
}

const isChannelName = (item: Item): boolean => /^[\p{L}\p{N}_-]{2,80}$/u.test(item.text) && !NOISE.has(item.text)

const LEAST = /^(?:min|minimum|least|low|lowest|from|between|lower|floor|>=)$/
const MOST = /^(?:max|maximum|most|high|highest|to|upto|upper|ceiling|cap|<=)$/

/** Two counts: a range, `min 2 max 6`, `at least 2 and at most 6`, or two numbers in order. */
export function takeNumber(work: Extracting, parameter: Parameter, parameters: readonly Parameter[]): void {
  const counts = parameters.filter((other) => other.kind === 'number')
  const at = counts.indexOf(parameter)
  if (counts.length !== 2) {
    takeOne(work, parameter, 'number')
    return
  }
  const [range] = work.items.filter((item) => item.slot?.kind === 'range')
  if (range?.slot) {
    work.used.add(range)
    work.said[parameter.name] = { value: Number(String(range.slot.value).split('-')[at]) }
    return
  }
  const numbers = work.items.filter((item) => item.slot?.kind === 'number')
  const marked = numbers.find((item) => (at === 0 ? LEAST : MOST).test(markerOf(work, item)))
  const bare = numbers.filter((item) => !LEAST.test(markerOf(work, item)) && !MOST.test(markerOf(work, item)))
  const item = marked ?? (numbers.length === 2 ? bare[numbers.length === bare.length ? at : 0] : undefined)
  if (typeof item?.slot?.value !== 'number' || work.used.has(item)) return
  work.used.add(item)
  work.said[parameter.name] = { value: item.slot.value }
}

// `minimum of 2`, `at most 6`, `no fewer than 2`, `2 min`
function markerOf(work: Extracting, item: Item): string {
  const at = work.items.indexOf(item)
  const behind = (one: Item) => work.items[work.items.indexOf(one) + 1]?.text ?? ''
  // `1 min, 4 max`: each is followed by its mark.
  if (
    work.items
      .filter((one) => one.slot?.kind === 'number')
      .every((one) => LEAST.test(behind(one)) || MOST.test(behind(one)))
  )
    return behind(item)
  const before = [work.items[at - 1]?.text ?? '', work.items[at - 2]?.text ?? '']
  if (before[0] === 'than') return /^(?:fewer|less|under)$/.test(before[1] ?? '') ? 'min' : 'max'
  // `never below 2 and never above 5`
  if (/^(?:never|not)$/.test(before[1] ?? '') && /^(?:below|under|above|over)$/.test(before[0] ?? ''))
    return /^(?:below|under)$/.test(before[0] ?? '') ? 'min' : 'max'
  const near = /^(?:of|is|at|replicas|=|:)$/.test(before[0] ?? '') ? before[1] : before[0]
  if (LEAST.test(near ?? '') || MOST.test(near ?? '')) return near ?? ''
  return work.items[at + 1]?.text ?? ''
}

/** All that was assigned: `pool=blue n=3`. */
export function takeVariables(work: Extracting, parameter: Parameter): void {
  const items = work.unusedSlots('variable')
  if (items.length === 0) return
  for (const item of items) work.used.add(item)
  const pairs = items.map((item) => {
    const said = String(item.slot?.value)
    const cut = said.indexOf('=')
    return [said.slice(0, cut), said.slice(cut + 1)] as const
  })
  work.said[parameter.name] = { value: Object.fromEntries(pairs) }
}
