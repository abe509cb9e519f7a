import { type Item, textOf } from './clauses.ts'
import type { Word } from './words.ts'

const LONGEST_REASON = 500
const COURTESY = /^(?:please|pls|plz|thanks|thank|thx|you|ty|tia|cheers|asap|now|ok|okay|lol|[^\p{L}\p{N}]+)$/u
const THANKS_A_LOT =
  /(?:^| )(?:thx|thanks|thank you|ta|cheers) (?:a (?:bunch|lot|million|ton)|so much|again|in advance|everyone|all|folks)$/

export interface ReasonTaken {
  readonly items: readonly Item[]
  readonly reason?: string | undefined
}

/**
 * Takes the reason off a sentence: what follows `because`, `due to`, `so that`, `reason:`. It is data, shown as it was said; nothing in it
 * chooses a skill or fills another value, but for a closing `for 2 hours` or `until friday`.
 */
export function takeReason(items: readonly Item[], words: readonly Word[]): ReasonTaken {
  const at = items.findIndex((item, index) => !item.slot && leadLength(items, index) > 0)
  if (at < 0) return { items }
  const first = at + leadLength(items, at)
  let end = at === 0 ? pauseAfter(items, first, words) : items.length
  // `reason "yearly audit". sorry everyone`: the quotes say where it ends.
  if (items[first] && words[items[first].word]?.quoted) end = first + 1
  const polite = THANKS_A_LOT.exec(textOf(items.slice(first + 1, end)))
  if (polite) end -= polite[0].trim().split(' ').length
  while (end - first > 1 && COURTESY.test(items[end - 1]?.text ?? '')) end--
  const last = items[end - 1]
  if (end - first > 2 && last?.slot?.kind === 'duration' && items[end - 2]?.text === 'for') end -= 2
  else if (end - first > 1 && last?.slot?.kind === 'moment') end -= 1
  const head = items[first]
  const tail = items[end - 1]
  if (!head || !tail || end <= first) return { items }
  return { items: [...items.slice(0, at), ...items.slice(end)], reason: saidBetween(head, tail, words) }
}

const SPOILING =
  /(?:^|\s)(?:if|unless|once|as soon as|provided|assuming|should we|or not)(?=\s|$)|(?:^|\s)(?:he|she|they|someone|somebody|\p{L}+) (?:said|says|wrote|asked|told (?:me|us))\W*$|(?:just )?kidding\W*$/iu

/** A reason is data, but one that ends in a condition or in who said it speaks of the request. */
export const spoilsRequest = (reason: string): boolean => SPOILING.test(reason)

/** The words from one item to another, as they were typed. */
export function saidBetween(first: Item, last: Item, words: readonly Word[]): string {
  return (
    words
      .slice(first.word, last.slot ? last.slot.to : last.word + 1)
      .map((word) => word.text + word.after.replace(/["]/g, ''))
      .join(' ')
      .replace(/[.,;:!?\s]+$/, '')
      // `(reason: load test)`: a bracket that was opened before it is no part of it.
      .replace(/^([^()]*)\)$/, '$1')
      .slice(0, LONGEST_REASON)
  )
}

// How many items lead to a reason at `index`: `because of` two, `so that` two, none where no reason begins.
function leadLength(items: readonly Item[], index: number): number {
  const [word = '', next = '', then = ''] = items.slice(index, index + 3).map(({ text }) => text)
  if (/^(?:because|'cause|cuz|bc|coz)$/.test(word)) return next === 'of' ? 2 : 1
  if (
    word === 'cause' &&
    index > 0 &&
    !/^(?:the|a|an|root|what|its|any|of)$/.test(items[index - 1]?.text ?? '') &&
    next !== 'of'
  )
    return 1
  if (/^reasons?$/.test(word) && index > 0 && !/^(?:the|no|any|a|what|for|good)$/.test(items[index - 1]?.text ?? ''))
    return /^(?:is|being|:|=)$/.test(next) ? 2 : 1
  if (word === 'the' && next === 'reason' && then === 'is') return 3
  if (word === 'due' && next === 'to') return 2
  if (word === 'so' && index > 0 && /^(?:that|we|they|i|nobody|people)$/.test(next)) return next === 'that' ? 2 : 1
  if (
    /^(?:since|as)$/.test(word) &&
    index > 0 &&
    /^(?:it|it's|its|we|we're|they|i|i'm|he|she|there|our|nobody|noone|no-one|people|customers|users|everybody|everyone)$/.test(
      next,
    )
  )
    return 1
  return 0
}

function pauseAfter(items: readonly Item[], from: number, words: readonly Word[]): number {
  const pause = items.findIndex((item, index) => {
    const word = words[item.slot ? item.slot.to - 1 : item.word]
    return index >= from && /[,;.:]/.test(word?.after ?? '')
  })
  return pause < 0 ? items.length : pause + 1
}
