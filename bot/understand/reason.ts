import type { Item } from './clauses.ts'
import type { Word } from './words.ts'

const LONGEST_REASON = 500

/**
 * Takes the reason off a sentence: what follows `because`, `due to`, `so that`. It is data, shown as it was said; nothing in it
 * chooses a skill or fills another value, but for a closing `for 2 hours` or `until friday`.
 */
export function takeReason(
  items: readonly Item[],
  words: readonly Word[],
): { readonly items: readonly Item[]; readonly reason?: string } {
  const at = items.findIndex((item, index) => index > 0 && startsReason(item.text, items[index + 1]?.text))
  const marker = items[at]
  if (!marker) return { items }
  const pair = /^(?:due|so)$/.test(marker.text) || items[at + 1]?.text === 'of'
  const first = at + (pair ? 2 : 1)
  let end = items.length
  const last = items[end - 1]
  if (end - first > 2 && last?.slot?.kind === 'duration' && items[end - 2]?.text === 'for') end -= 2
  else if (end - first > 1 && last?.slot?.kind === 'moment') end -= 1
  const from = items[first]?.word ?? words.length
  const to = end < items.length ? (items[end]?.word ?? words.length) : words.length
  const reason = words
    .slice(from, to)
    .map((word) => word.text + word.after.replace(/[:"]/g, ''))
    .join(' ')
    .replace(/[.,;!\s]+$/, '')
    .slice(0, LONGEST_REASON)
  return { items: [...items.slice(0, at), ...items.slice(end)], reason: reason || undefined }
}

function startsReason(word: string, next: string | undefined): boolean {
  if (/^(?:because|cause|cuz|bc|reason)$/.test(word)) return true
  return (word === 'due' && next === 'to') || (word === 'so' && /^(?:that|we|it|they|i)$/.test(next ?? ''))
}
