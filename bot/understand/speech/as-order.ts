import { type Item, textOf } from '../clauses.ts'
import { orderOfGerund, orderOfParticiple } from './verbs.ts'

const PARTICLE = /^(?:back|out|up|down|off|over|on)$/
const HELPING = /^(?:can|may|must|needs?|has|have|to|be|please|now|just|also|again|should|gets?)$/

const ASKED_PASSIVE =
  /^(?:could|can(?=.*(?:<operation>|<incident>))) (?:\S+ ){1,7}?be (?=\w+(?: |$))(?!.* (?:safely|ever|at all|without|also|even|too|by|still|directly|somehow)(?: |$))/
const NAMED = /^(?:operation|incident|environment)$/

/** A wish for a result as the order that brings it about: `get cart restarted`, `cart can be restarted` → `restart cart`. Others unchanged. */
export function asOrder(items: readonly Item[]): readonly Item[] {
  const text = textOf(items)
  if (/^(?:get|have) /.test(text)) {
    const at = items.findIndex((item, index) => index > 1 && !item.slot && orderOf(items, index) !== undefined)
    const before = items.slice(1, at)
    const next = items[at + 1]
    const named = before.some((item) => item.slot)
    // `get all resolved incidents` is no order to resolve any.
    const ends =
      !next ||
      next.slot !== undefined ||
      /^(?:in|on|to|for|until|by|with|from|at|back|out|up|down|again|now|as|into|and)$/.test(next.text)
    if (at > 0 && ends && (named || before.length < 3) && before.length <= 6) return turned(items, at, before)
  }
  const passive =
    /^(?:\S+ ){1,7}?(?:can|may|must|needs? to|has to|have to|should please) (?:please |now |just |also )?be (?=\S+)/.exec(
      text,
    )
  if (passive) {
    const at = passive[0].trim().split(' ').length
    const before = items.slice(0, at).filter((item) => item.slot || !HELPING.test(item.text))
    if (orderOf(items, at) !== undefined && before.some((item) => item.slot)) return turned(items, at, before)
  }
  const kept = /^keep (?:\S+ ){1,5}?(?=(?:locked|frozen|silenced|muted)(?: |$))/.exec(text)
  if (kept) {
    const at = kept[0].trim().split(' ').length
    if (items.slice(1, at).some((item) => item.slot)) return turned(items, at, items.slice(1, at))
  }
  // `could cart be restarted in qa?`
  const asked = ASKED_PASSIVE.exec(text)
  if (asked) {
    const at = asked[0].trim().split(' ').length
    const before = items.slice(1, at - 1)
    if (orderOf(items, at) !== undefined && items.some((item) => item.slot && NAMED.test(item.slot.kind)))
      return turned(items, at, before)
  }
  const needing = /^(?:\S+ ){1,5}?(?:needs|wants) (?=\w+ing(?: |$))/.exec(text)
  if (needing) {
    const at = needing[0].trim().split(' ').length
    const order = orderOfGerund(items[at]?.text ?? '')
    const said = items[at]
    if (order && said && items.slice(0, at).some((item) => item.slot))
      return [{ ...said, text: order }, ...items.slice(0, at - 1), ...items.slice(at + 1)]
  }
  return items
}

function orderOf(items: readonly Item[], at: number): string | undefined {
  const item = items[at]
  if (!item || item.slot) return undefined
  // `right sized`, `right-sized`
  if (item.text === 'sized' && items[at - 1]?.text === 'right') return 'rightsize'
  return orderOfParticiple(item.text)
}

function turned(items: readonly Item[], at: number, before: readonly Item[]): readonly Item[] {
  const verb = items[at]
  const order = orderOf(items, at)
  if (!verb || !order) return items
  const next = items[at + 1]
  const particle =
    next && !next.slot && PARTICLE.test(next.text) && !(items[at + 2]?.slot && next.text === 'on') ? [next] : []
  const named = order === 'rightsize' ? before.filter((item) => item.text !== 'right') : before
  return [{ ...verb, text: order }, ...particle, ...named, ...items.slice(at + 1 + particle.length)]
}
