import type { Slot } from './slots.ts'
import type { Word } from './words.ts'

/** A word or a value of a sentence. `text` is the lower-case word, or the value's kind as `<service>`. */
export interface Item {
  readonly text: string
  readonly slot?: Slot
  readonly word: number
}

/** A part of a sentence between punctuation. */
export interface Clause {
  readonly items: readonly Item[]
  readonly text: string
  /** The punctuation that ended it. */
  readonly end: string
}

/** Words and values as one row of items: `deploy <service> <version> to <environment>`. */
export function itemsOf(words: readonly Word[], slots: readonly Slot[]): readonly Item[] {
  const items: Item[] = []
  let next = 0
  for (let at = 0; at < words.length; at++) {
    const slot = slots[next]
    if (slot && slot.from === at) {
      const kind = slot.kind === 'version' && slot.value === 'previous' ? 'previous' : slot.kind
      items.push({ text: `<${kind}>`, slot, word: at })
      at = slot.to - 1
      next++
    } else {
      const word = words[at]
      if (word) items.push({ text: word.lower, word: at })
    }
  }
  return items
}

export const textOf = (items: readonly Item[]): string => items.map((item) => item.text).join(' ')

/** Cuts a row of items where the sentence pauses: at punctuation, line ends, `then`. Lists of names stay together. */
export function splitClauses(items: readonly Item[], words: readonly Word[]): readonly Clause[] {
  const clauses: Clause[] = []
  let open: Item[] = []
  const close = (end: string) => {
    if (open.length) clauses.push({ items: open, text: textOf(open), end })
    open = []
  }
  items.forEach((item, index) => {
    const word = words[item.word]
    if (word?.startsLine && index > 0) close('\n')
    if (item.text === ';') {
      close(';')
      return
    }
    open.push(item)
    const last = words[item.slot ? item.slot.to - 1 : item.word]
    const pause = last?.after.replace(/["'*_~)\]}]/g, '')
    if (!pause) return
    const next = items[index + 1]
    const list = pause === ',' && item.slot && next?.slot && item.slot.kind === next.slot.kind
    if (!list) close(pause)
  })
  close('')
  return clauses
}

const POLITE =
  /^(?:(?:hey|hi|hello|yo|ok|okay|so|well|alright|all right|right|now|and|also|then|next|please|pls|plz|kindly|just|quickly|team|folks|everyone|all|bot|there|good morning|good evening|good afternoon|morning|sorry|again|thanks|yes|yeah|yep|sure|great|cool|perfect|finally|first|go ahead and|feel free to|time to|it's time to|let's|lets|let us|be so kind and|be so kind as to|do me a favou?r and|we have to|you should|you can|i'd ask you to|i need you to|we need you to)(?= |$)|(?:can|could|would|will) (?:you|u|someone|somebody|anyone)(?: please| kindly| just| maybe| quickly)?(?= )|(?:i|we)(?:'d| would|'ll)? (?:like|love|want|need|wish)(?: you)? to(?= )|is it possible to(?= )|(?:can|could|may) (?:i|we)(?= (?:see|look|view|check)(?= |$)))\s*/

const WISH =
  /^(?:(?:can|could|may) (?:i|we) (?:please )?(?:get|have)|(?:i|we)(?:'d| would)? (?:like|love|want|need)(?: to have| to get)?|(?:give|get) (?:me|us)|let (?:me|us) have)(?= )\s*/

/** A clause without its greetings and courtesies; `can we get`, `I need` and the like become the verb `get`. */
export function withoutCourtesy(items: readonly Item[]): readonly Item[] {
  let rest = items
  for (let rounds = 0; rounds < 8 && rest.length > 0; rounds++) {
    const text = textOf(rest)
    const polite = POLITE.exec(text)
    if (polite) {
      rest = rest.slice(wordsIn(polite[0]))
      continue
    }
    const wish = WISH.exec(text)
    if (wish) return [{ text: 'get', word: rest[0]?.word ?? 0 }, ...rest.slice(wordsIn(wish[0]))]
    break
  }
  let end = rest.length
  while (end > 1 && TRAILING.has(rest[end - 1]?.text ?? '')) end--
  return rest.slice(0, end)
}

const TRAILING: ReadonlySet<string> = new Set([
  'right',
  'please',
  'pls',
  'plz',
  'thanks',
  'thx',
  'thank',
  'you',
  'asap',
  'now',
  'cheers',
  'ty',
])

const wordsIn = (text: string): number => text.trim().split(' ').filter(Boolean).length
