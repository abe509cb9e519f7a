import { type Item, textOf } from '../clauses.ts'
import {
  ASKED,
  BY_OTHERS,
  DEEDS,
  IS_NEEDED,
  OF_A_NOUN,
  ONLY_WHERE,
  PERMITTED,
  RECEIVES,
  STATED,
  THAT,
  THINGS,
  WHETHER,
  WISHED,
} from './orders/frames.ts'
import { MERELY_TOLD } from './statements.ts'
import { ORDERING, orderOfGerund, orderOfParticiple } from './verbs.ts'

const PARTICLE = /^(?:back|out|up|down|off|over|on)$/
const HELPING =
  /^(?:can|may|must|needs?|has|have|to|be|please|now|just|also|again|should|gets?|get|shall|ought|is|are|kindly|hereby|that|could|might|would|make|sure|ensure|see|take|care|immediately|urgently)$/
const SPEAKER =
  /^(?:i|we|he|she|they|you|someone|somebody|nobody|anyone|what|who|which|how|why|where|there|according|per|as|like)(?: |$)/
const NAMED = /^(?:operation|incident|environment)$/

type Items = readonly Item[]
/** `nicely`: the clause asks politely, or what stands beside it does. */
type Turn = (items: Items, text: string, nicely: boolean) => Items | undefined

/** A wish for a result as the order that brings it about: `get cart restarted`, `cart is to be restarted` → `restart cart`. Others unchanged. */
export function asOrder(items: Items, nicely = false): Items {
  const text = textOf(items)
  for (const turn of TURNS) {
    const order = turn(items, text, nicely)
    if (order) return order
  }
  return items
}

const hasSlot = (items: Items): boolean => items.some(({ slot }) => slot)

// `get cart restarted`, `please have the stop lifted`
const haveDone: Turn = (items, text, nicely) => {
  if (!/^(?:get|have) /.test(text)) return undefined
  const at = items.findIndex((item, index) => index > 1 && !item.slot && orderOf(items, index) !== undefined)
  const before = items.slice(1, at)
  const next = items[at + 1]
  // `get all resolved incidents` is no order to resolve any.
  const ends =
    !next ||
    next.slot !== undefined ||
    /^(?:in|on|to|for|until|by|with|from|at|back|out|up|down|off|again|now|as|into|and)$/.test(next.text)
  const asked = nicely && text.startsWith('have ')
  return at > 0 && ends && (hasSlot(before) || before.length < 3 || asked) && before.length <= 6
    ? turned(items, at, before)
    : undefined
}

const permitted: Turn = (items, text, nicely) => {
  const lead = PERMITTED.exec(text)
  if (!lead || BY_OTHERS.test(text)) return undefined
  const at = wordsIn(lead[0])
  const before = subjectOf(items, at)
  return orderOf(items, at) && (hasSlot(before) || (nicely && isThing(before))) ? turned(items, at, before) : undefined
}

// What shall be is also said of rules, plans and other days.
const stated: Turn = (items, text, nicely) => {
  const lead = STATED.exec(text) ?? (nicely ? WISHED.exec(text) : null)
  if (!lead || MERELY_TOLD.test(text) || BY_OTHERS.test(text) || SPEAKER.test(text)) return undefined
  const at = wordsIn(lead[0])
  const before = subjectOf(items, at)
  return orderOf(items, at) && (hasSlot(before) || nicely) ? turned(items, at, before) : undefined
}

const asThat: Turn = (items, text, nicely) => {
  const lead = THAT.exec(text)
  if (!lead || !(nicely || ORDERING.has(items[0]?.text ?? '')) || MERELY_TOLD.test(text)) return undefined
  const at = wordsIn(lead[0])
  const before = subjectOf(items, at)
  return orderOf(items, at) && hasSlot(items) ? turned(items, at, before) : undefined
}

const keptSo: Turn = (items, text) => {
  const kept = /^keep (?:\S+ ){1,5}?(?=(?:locked|frozen|silenced|muted)(?: |$))/.exec(text)
  const at = kept ? wordsIn(kept[0]) : 0
  return at && hasSlot(items.slice(1, at)) ? turned(items, at, items.slice(1, at)) : undefined
}

// `could cart be restarted in qa?`; `can`, without a "please", asks whether it is possible.
const asked: Turn = (items, text, nicely) => {
  const lead = ASKED.exec(text)
  if (!lead || WHETHER.test(text) || (/ (?:also|by)(?: |$)/.test(text) && !nicely)) return undefined
  const at = wordsIn(lead[0])
  const before = items.slice(1, at - 1)
  if (!orderOf(items, at) || SPEAKER.test(textOf(before))) return undefined
  const kinds = items.flatMap(({ slot }) => (slot ? [slot.kind] : []))
  const named = text.startsWith('could ')
    ? kinds.some((kind) => NAMED.test(kind)) || isThing(before)
    : kinds.some((kind) => kind === 'operation' || kind === 'incident') || /^whoever /.test(textOf(before))
  return named || (nicely && (hasSlot(items) || isThing(before))) ? turned(items, at, before) : undefined
}

// `could cart get autoscaling in qa`, `can cart get 2 more pods in qa`
const receives: Turn = (items, text) => {
  const lead = RECEIVES.exec(text)
  if (!lead?.[1] || WHETHER.test(text) || !items.some(({ slot }) => slot?.kind === 'environment')) return undefined
  const at = wordsIn(lead[0])
  const [given, subject] = [items[at], items.slice(1, 1 + wordsIn(lead[1]))]
  if (!given || !subject.some(({ slot }) => slot?.kind === 'service')) return undefined
  const verb = /^<(?:number|change)>$/.test(given.text) ? 'give' : (verbOfNoun(given) ?? undefined)
  if (!verb) return undefined
  return [{ text: verb, word: given.word }, ...subject, ...items.slice(verb === 'give' ? at : at + 1)]
}

// `a restart of cart in qa is required`, `escalation of inc-7, please`, `i ask for its reversal`
const deed: Turn = (items, text, nicely) => {
  const wished = text.startsWith('get ')
  let at = wished ? 1 : 0
  while (OF_A_NOUN.test(items[at]?.text ?? '')) at++
  const noun = items[at]
  const verb = noun && verbOfNoun(noun)
  const led = items.slice(wished ? 1 : 0, at).map((item) => item.text)
  if (!noun || !verb) return undefined
  const owner = led.includes('its') ? [{ text: 'it', word: noun.word }] : []
  const rest = withoutOf(items.slice(at + 1))
  const needed = IS_NEEDED.exec(textOf(rest))
  if (needed && !wished) {
    const about = rest.slice(0, wordsIn(needed[1] ?? ''))
    const told = MERELY_TOLD.test(text) || !(ONLY_WHERE.test(needed[2] ?? '') || nicely)
    const said = hasSlot(about) || nicely || THINGS.test(textOf(about))
    if (led.length === 0 || told || !said) return undefined
    const behind = (needed[2] ?? '').trim() ? rest.slice(-wordsIn(needed[2] ?? '')) : []
    return [{ text: verb, word: noun.word }, ...owner, ...about, ...behind]
  }
  const bare = ORDERING.has(noun.text) && led.length === 0
  if (bare || led.includes('the') || !(wished || nicely)) return undefined
  return [{ text: verb, word: noun.word }, ...owner, ...rest]
}

const needing: Turn = (items, text) => {
  const lead = /^(?:\S+ ){1,5}?(?:needs|wants) (?=\w+ing(?: |$))/.exec(text)
  const at = lead ? wordsIn(lead[0]) : 0
  const said = items[at]
  const order = at && said ? orderOfGerund(said.text) : undefined
  return said && order && hasSlot(items.slice(0, at))
    ? [{ ...said, text: order }, ...items.slice(0, at - 1), ...items.slice(at + 1)]
    : undefined
}

const TURNS: readonly Turn[] = [haveDone, asThat, permitted, stated, keptSo, asked, receives, deed, needing]

const subjectOf = (items: Items, at: number): Items =>
  items.slice(0, at).filter((item) => item.slot || !HELPING.test(item.text))

const isThing = (subject: Items): boolean => hasSlot(subject) || THINGS.test(textOf(subject))

const verbOfNoun = ({ text, slot }: Item): string | undefined =>
  slot
    ? undefined
    : Object.hasOwn(DEEDS, text)
      ? DEEDS[text]
      : (orderOfGerund(text.replace('-', '')) ?? orderOfGerund(text) ?? (ORDERING.has(text) ? text : undefined))

// `restart of cart`; `lock for 2h` keeps its word.
const withoutOf = (items: Items): Items => {
  const [first, second] = items
  const names = /^(?:service|operation|incident)$/.test(second?.slot?.kind ?? '')
  return first && (first.text === 'of' || (/^(?:for|on)$/.test(first.text) && names)) ? items.slice(1) : items
}

function orderOf(items: Items, at: number): string | undefined {
  const item = items[at]
  if (!item || item.slot) return undefined
  // `right sized`, `right-sized`
  if (item.text === 'sized' && items[at - 1]?.text === 'right') return 'rightsize'
  return orderOfParticiple(item.text)
}

function turned(items: Items, at: number, before: Items): Items | undefined {
  const verb = items[at]
  const order = orderOf(items, at)
  if (!verb || !order) return undefined
  const next = items[at + 1]
  const particle =
    next && !next.slot && PARTICLE.test(next.text) && !(items[at + 2]?.slot && next.text === 'on') ? [next] : []
  const named = order === 'rightsize' ? before.filter((item) => item.text !== 'right') : before
  return [{ ...verb, text: order }, ...particle, ...named, ...items.slice(at + 1 + particle.length)]
}

const wordsIn = (text: string): number => text.trim().split(' ').filter(Boolean).length
