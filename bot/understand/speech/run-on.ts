import { type Clause, type Item, textOf } from '../clauses.ts'
import type { Act } from './act.ts'
import { ORDERING, orderOfParticiple, tells } from './verbs.ts'

// What an order typed without a pause before it is about: `… is broken restart it`, `… is down go back to 1.4`.
const OBJECT =
  /^(?:<\w+>|it|its|that|this|them|those|these|the|a|an|our|my|one|everything|all|back|up|down|off|out|on|over)$/
const ASKS = /^(?:please|pls|plz|kindly|can you|could you|can u|could u|would you|can someone|could someone)(?= )/
// Behind one of these a verb goes on with what was being told.
const GOES_ON =
  /^(?:to|please|pls|plz|kindly|not|and|or|but|a|an|the|is|are|was|were|be|been|has|have|had|will|would|can|could|should|must|may|might|do|does|did|don't|didn't|doesn't|won't|can't|needs?|wants?|gets?|i|we|you|he|she|they|him|her|us|me|them|others|people|everyone|everybody|someone|somebody|anyone|nobody|who|that|which|what|how|when|if|because|since|so|then|for|of|in|on|at|by|with|from|into|as|than|via|per|during|before|after|until|my|our|your|their|this|last|next|every|each|no|any|says?|said|told|asked|says|let's|lets|makes?|made|lets?|helps?|helped|tried|try|keeps?|kept|starts?|started|stopped?|stops?)$/
const ADVERB = /^(?:just|now|so|then|again|please|pls|quickly|quick|maybe)$/
const ASKING_ON = /^(?:how come|why|what's|what is|what happened|what was|which|who|who's|when|where|how many)(?= |$)/

/**
 * `cart is down restart it in qa`, `cart in qa which version runs there`: many type without a pause. Cuts where somebody has told something
 * whole and then orders or asks; `actOf` says what the part before does by itself. Anything else stays one clause.
 */
export function splitRunOn(clause: Clause, actOf: (clause: Clause) => Act): readonly Clause[] {
  const { items } = clause
  for (let at = 2; at < items.length - 1; at++) {
    if (items[at]?.slot) continue
    const orders = startsOrder(items, at)
    if (!orders && !startsQuestion(items, at)) continue
    const before = clauseOf(items.slice(0, at), orders ? '.' : ',')
    const act = actOf(before)
    if (act !== 'report' && !(!orders && act === 'fragment')) continue
    if (orders && !tellsWhole(before.items)) continue
    return [before, clauseOf(items.slice(at), clause.end)]
  }
  return [clause]
}

const clauseOf = (items: readonly Item[], end: string): Clause => ({ items, text: textOf(items), end })

function startsOrder(items: readonly Item[], at: number): boolean {
  const asks = ASKS.exec(`${textOf(items.slice(at, at + 3))} `)
  const verb = asks ? at + asks[0].split(' ').length : at
  const [order, object] = [items[verb], items[verb + 1]]
  const last = items[at - 1]
  if (!order || order.slot || !ORDERING.has(order.text) || !object || !OBJECT.test(object.text)) return false
  if (!last || PARTICLE.test(order.text)) return false
  // `the count ben set it to`, `what pia put on qa`: one form for what was done and what to do.
  if (last.slot) return last.slot.kind !== 'person' && !SAME_IN_THE_PAST.test(order.text)
  // `we had to power cycle cart`, `we had to hard restart it`
  if (items[at - 2]?.text === 'to' || items[at - 1]?.text === 'to') return false
  return !GOES_ON.test(last.text) && !ORDERING.has(last.text) && !last.text.includes("'")
}

const PARTICLE = /^(?:back|up|down|off|out|on|over|open|clear|free|hold|like)$/
const SAME_IN_THE_PAST = /^(?:set|put|cut|hit|let|read|shut|split|quit|run|bid|cast|cost|spread|reset)$/

const startsQuestion = (items: readonly Item[], at: number): boolean =>
  ASKING_ON.test(textOf(items.slice(at, at + 3))) &&
  (items[at - 1]?.slot !== undefined ||
    /^(?:sideways|failed|stuck|again|slow|down|broken)$/.test(items[at - 1]?.text ?? ''))

// A subject and a verb, or a thing and what became of it: `inc-4 fixed`.
function tellsWhole(items: readonly Item[]): boolean {
  const said = items.filter(({ text, slot }) => slot || !ADVERB.test(text))
  const last = said.at(-1)
  const verb = said.findIndex(({ text, slot }, index) => index > 0 && !slot && tells(text))
  if (verb > 0) return verb < said.length - 1 || !GOES_ON.test(last?.text ?? '')
  return said.length > 1 && last !== undefined && !last.slot && orderOfParticiple(last.text) !== undefined
}
