import { type Clause, type Item, textOf } from '../clauses.ts'

const MARK =
  /^(?:(?:oh |ah |er |hm |um )?(?:no,? wait|wait,? no|no,? sorry|sorry,? no|wait,? sorry|sorry,? wait|i mean|i meant|correction|make that|no,? make that|sorry,? make that)(?: make that)?)$/
const LEADING = /^(?:in|on|to|at|for|from|as|until|till|of|with)$/

/**
 * `restart cart in qa, no wait, in staging`: who corrects a value means the last one said. Only where the correction names values or says the
 * order again; anything else said after "no wait" takes the request back.
 */
export function withCorrections(clauses: readonly Clause[]): readonly Clause[] {
  for (let at = 1; at < clauses.length - 1; at++)
    for (const length of [2, 1]) {
      const mark = clauses.slice(at, at + length)
      const [before, after] = [clauses[at - 1], clauses[at + length]]
      if (!before || !after || !MARK.test(mark.map(({ text }) => text).join(' '))) continue
      const items = corrected(before.items, after.items)
      if (!items) continue
      const mended = { items, text: textOf(items), end: after.end }
      return withCorrections([...clauses.slice(0, at - 1), mended, ...clauses.slice(at + length + 1)])
    }
  return clauses
}

function corrected(before: readonly Item[], after: readonly Item[]): readonly Item[] | undefined {
  const [first, second] = after
  const [head] = before
  if (!first || !head) return undefined
  // The order again, with the other value.
  if (!first.slot && first.text === head.text && textOf(before) === textOf(after)) return after
  if (!after.some(({ slot }) => slot)) {
    // `as succeeded, no wait, as failed`
    if (!second || after.length !== 2 || !LEADING.test(first.text)) return undefined
    const place = before.findLastIndex((item) => item.text === first.text)
    const old = before[place + 1]
    return place > 0 && old && !old.slot ? before.with(place + 1, second) : undefined
  }
  if (
    after.some(
      (item) =>
        !item.slot &&
        !/^(?:the|our|replicas?|pods?|instances?|copies|hours?)$/.test(item.text) &&
        !LEADING.test(item.text),
    )
  )
    return undefined
  const items = [...before]
  for (const item of after) {
    const same = before.flatMap(({ slot }, at) => (slot && slot.kind === item.slot?.kind ? [at] : []))
    if (same.length > 1) return undefined
    if (item.slot) items.splice(same[0] ?? items.length, same.length, item)
  }
  return items
}

const DEADLINE =
  /^(?:before (?:the|my|our|his|her|their|anyone|anybody|someone|somebody|everyone|everybody|people|customers|lunch|dinner|breakfast)|(?:until|till) (?:i|we) (?:say|tell|decide|shout))(?= |$)/
const DOING =
  /^(?:deploy\w*|releases?|rollouts?|roll\w*|restart\w*|migrat\w*|upgrades?|updates?|scal\w*|changes?|maintenance|freeze|window|tests?|backups?|next|new|other|then|and|or)$/

/** `restart it before the doctors come in`: why it is urgent, and no other time. What is said of another thing to do stays a condition. */
export function withoutDeadline(clause: Clause): Clause {
  const at = clause.items.findIndex(
    (_, index) =>
      (index > 1 || /^until|till/.test(clause.text)) && DEADLINE.test(textOf(clause.items.slice(index, index + 3))),
  )
  const rest = at < 0 ? [] : clause.items.slice(at)
  if (rest.length === 0 || rest.length > 8 || rest.some(({ slot, text }) => slot || DOING.test(text))) return clause
  const items = clause.items.slice(0, at)
  return { items, text: textOf(items), end: clause.end }
}

const SET_OFF = /^(?:before|while|after) (?:i|we)(?= )/
const THEN_ASKS =
  /^(?:i'd like to|i would like to|i want to|can you|could you|please|can i|could i|let me|show me|tell me)(?= )/

/** `before i leave i'd like to see …`: what the speaker is about to do themselves sets no condition on what follows. */
export function withoutSetting(clause: Clause): Clause {
  if (!SET_OFF.test(clause.text)) return clause
  const at = clause.items.findIndex(
    (_, index) => index > 2 && THEN_ASKS.test(`${textOf(clause.items.slice(index, index + 4))} `),
  )
  if (at < 0 || clause.items.slice(0, at).some(({ slot }) => slot)) return clause
  const items = clause.items.slice(at)
  return { ...clause, items, text: textOf(items) }
}
