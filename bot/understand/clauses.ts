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
