import { type Clause, type Item, textOf } from '../clauses.ts'
import type { Word } from '../words.ts'
import { type SpokenClause, speak } from './act.ts'
import { withCorrections, withoutDeadline, withoutSetting } from './correction.ts'
import { ASKS_FOR_BEFORE } from './orders/asking.ts'
import { splitRunOn } from './run-on.ts'
import { ORDERING, tells } from './verbs.ts'

/** The clauses of a text, each with what is done by saying it. */
export function speakClauses(items: readonly Item[], words: readonly Word[]): readonly SpokenClause[] {
  return withCorrections(splitAtPauses(withoutContrasts(items), words))
    .map(withoutDeadline)
    .filter(({ items: said }) => said.length > 0)
    .map(withoutSetting)
    .flatMap(splitAtOrders)
    .flatMap((clause) => splitRunOn(clause, (part) => speak(part).act))
    .map(withoutLink)
    .map((clause, index, all) => speak(clause, asksForBefore(all[index + 1]) || asksForBefore(beyondNames(all, index))))
    .map(withoutEcho)
}

const asksForBefore = (clause: Clause | undefined): boolean =>
  clause !== undefined && ASKS_FOR_BEFORE.test(textOf(clause.items))

// `… is required (BOPS-3410), please`, `rightsizing for cart, qa, please`
const beyondNames = (all: readonly Clause[], index: number): Clause | undefined =>
  all[index]?.end.includes('(') || all[index + 1]?.items.every(({ slot }) => slot) ? all[index + 2] : undefined

// `cart should be restarted, please arrange this`: the order was said before.
const withoutEcho = (clause: SpokenClause, index: number, all: readonly SpokenClause[]): SpokenClause =>
  clause.act === 'request' && asksForBefore(clause) && all[index - 1]?.act === 'request'
    ? { ...clause, act: 'talk' }
    : clause

// `the PR is merged: https://…` labels nothing.
function withoutLink(clause: Clause, index: number, all: readonly Clause[]): Clause {
  const next = all[index + 1]
  const labels = clause.end.includes(':') && next?.items.some((item) => item.slot?.kind !== 'url')
  return clause.end.includes(':') && !labels ? { ...clause, end: '.' } : clause
}

const DENYING = /^(?:do|does|did|is|are|was|were|will|would|should|could|can|may|must|or|if|why|please|has|have|had)$/

// `in live-eu (not live-us)`: what is denied beside what is meant. `restart it, not` and `do not` stay.
function withoutContrasts(items: readonly Item[]): readonly Item[] {
  const kept: Item[] = []
  for (let at = 0; at < items.length; at++) {
    const item = items[at]
    if (!item) continue
    const length = kept.length > 1 ? contrastLength(items, at) : 0
    const last = kept.at(-1)
    if (length > 0 && last && !DENYING.test(last.text)) {
      const denied = items[at + length - 1]?.slot
      if (denied && kept.some((one) => one.slot?.kind === denied.kind && one.slot.value !== denied.value)) {
        at += length - 1
        continue
      }
    }
    kept.push(item)
  }
  return kept
}

function contrastLength(items: readonly Item[], at: number): number {
  const rest = textOf(items.slice(at, at + 6))
  const match =
    /^(?:(?:and |but )?not|rather than|instead of|and never) (?:(?:in|on|to|at|the|for|from) ){0,2}<(?:service|environment|version|number|operation|incident|person|change|duration|moment)>/.exec(
      rest,
    )
  return match ? match[0].split(' ').length : 0
}

const SMILEY = /^(?:[:;]['-]?[()dpo/|]|:[a-z_]{3,}:?|[:;]'?\()$/
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u200d\ufe0f])+$/u

/** Cuts where the sentence pauses: at punctuation, line ends, emoji. Lists of values stay together. */
export function splitAtPauses(items: readonly Item[], words: readonly Word[]): readonly Clause[] {
  const clauses: Clause[] = []
  let open: Item[] = []
  const close = (end: string) => {
    if (open.length) clauses.push({ items: open, text: textOf(open), end })
    open = []
  }
  items.forEach((item, index) => {
    const word = words[item.word]
    if (word?.startsLine && index > 0) close('\n')
    if (
      item.text === ';' ||
      item.text === '-' ||
      item.text === '|' ||
      (!item.slot && (EMOJI.test(item.text) || SMILEY.test(item.text)))
    ) {
      close(';')
      return
    }
    open.push(item)
    const last = words[item.slot ? item.slot.to - 1 : item.word]
    const pause = last?.after.replace(/[:;][-']?[()DPp3]+/g, '.').replace(/["'*_~)\]}]/g, '')
    if (!pause) return
    const next = items[index + 1]
    const after = items[index + 2]
    const follows = next?.slot ?? (next && /^(?:and|or)$/.test(next.text) ? after?.slot : undefined)
    // `to prod, staging is happy`: the second name begins a sentence of its own.
    const tellsOn = next?.slot !== undefined && after !== undefined && !after.slot && tells(after.text)
    const list = pause === ',' && item.slot && follows && item.slot.kind === follows.kind && !tellsOn
    if (!list) close(pause)
  })
  close('')
  return clauses
}

// `deploy cart 1.2 in qa and autoscale it`, `he is happy so promote it`: a second order is a clause of its own.
function splitAtOrders(clause: Clause): readonly Clause[] {
  const at = clause.items.findIndex((item, index) => {
    if (index === 0 || item.slot || !/^(?:and|then|so|but|\+|&|plus|afterwards|after)$/.test(item.text)) return false
    let next = index + 1
    while (
      /^(?:then|also|please|pls|plz|just|now|after|that|afterwards|can|could|you|and)$/.test(
        clause.items[next]?.text ?? '',
      )
    )
      next++
    const verb = clause.items[next]
    const object = clause.items[next + 1]
    return (
      verb !== undefined &&
      !verb.slot &&
      ORDERING.has(verb.text) &&
      !/^(?:say|tell|write|note|ask|let)$/.test(verb.text) &&
      object !== undefined &&
      !/^(?:and|or)$/.test(object.text)
    )
  })
  // `how do i stop and restart it`: both are what is asked about.
  if (at < 0 || /^(?:how (?:do|does|to|can|should|would|did|could)|when|why|who) /.test(clause.text)) return [clause]
  const before = clause.items.slice(0, at)
  if (isJoined(before, clause.items[at]?.text ?? '') || BE_SO_KIND.test(textOf(before))) return [clause]
  const behind = clause.items.slice(at + 1)
  return [
    { items: before, text: textOf(before), end: clause.items[at]?.text === 'so' ? ';' : '+' },
    ...splitAtOrders({ items: behind, text: textOf(behind), end: clause.end }),
  ]
}

// `would you be so kind and bounce it`
const BE_SO_KIND = /(?:^| )be (?:so|as) (?:kind|good|nice)$/

// `yesterday we had to stop and restart it`: one "to" stands before both.
const isJoined = (before: readonly Item[], joint: string): boolean =>
  /^(?:and|or|\+|&|plus)$/.test(joint) &&
  before.some(({ text }, index) => text === 'to' && ORDERING.has(before[index + 1]?.text ?? '')) &&
  speak({ items: before, text: textOf(before), end: '' }).act !== 'request'
