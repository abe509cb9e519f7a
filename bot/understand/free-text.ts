import type { SpokenSkill } from '../../core/skill.ts'
import type { Item } from './clauses.ts'
import { type Parameter, parametersOf } from './parameters.ts'
import { NOISE } from './stop-words.ts'
import { choiceAt } from './values/choices.ts'
import type { Word } from './words.ts'

export interface FreeText {
  readonly items: readonly Item[]
  readonly message?: string
}

const LONGEST_TEXT = 500
const LEADING = /^(?:that|saying|titled|called|about|because|regarding|re|named|message|msg|title|with)$/
const COURTESY = /^(?:please|pls|plz|thanks|thank|thx|you|ty|now|asap|cheers)$/

/**
 * Takes the title or the message off a sentence: what follows a colon, `titled`, `that`, `saying`, or a comma. It is data, shown as it was
 * said; values that stand apart at its ends (`…, sev2`) go back to the sentence.
 */
export function takeFreeText(items: readonly Item[], words: readonly Word[], skill: SpokenSkill): FreeText {
  if (items.some((item) => item.slot?.kind === 'quoted')) return { items }
  const start = startOf(items, words)
  if (start === undefined) return { items }
  const choices = parametersOf(skill).filter((parameter) => parameter.kind === 'choice')
  const parts = partsOf(items.slice(start), words)
  const apart = (part: readonly Item[] | undefined) => part !== undefined && isApart(part, words, choices)
  let first = 0
  let end = parts.length
  while (first < end && apart(parts[first])) first++
  while (end > first && apart(parts[end - 1])) end--
  const told = parts.slice(first, end).flat()
  const head = told[0]
  const last = told.at(-1)
  if (!head || !last) return { items }
  const message = words
    .slice(head.word, last.slot ? last.slot.to : last.word + 1)
    .map((word) => word.text + word.after)
    .join(' ')
    .replace(/[.,;:!\s]+$/, '')
    .slice(0, LONGEST_TEXT)
  const kept = [...items.slice(0, start), ...parts.slice(0, first).flat(), ...parts.slice(end).flat()]
  return message ? { items: kept, message } : { items }
}

const afterOf = (item: Item, words: readonly Word[]): string =>
  words[item.slot ? item.slot.to - 1 : item.word]?.after ?? ''

// A colon is the surest sign, then a word that leads to what is told, then a pause.
function startOf(items: readonly Item[], words: readonly Word[]): number | undefined {
  const colon = items.findIndex(
    (item, index) => (index > 0 || /^(?:incident|outage|sev\d)$/.test(item.text)) && afterOf(item, words).includes(':'),
  )
  if (colon >= 0 && colon < items.length - 1) return colon + 1
  const leads = items.findIndex(
    (item, index) => index > 1 && !item.slot && LEADING.test(item.text) && leadsOn(items, index),
  )
  if (leads > 0) {
    let start = leads
    while (start < items.length - 1 && !items[start]?.slot && LEADING.test(items[start]?.text ?? '')) start++
    return start
  }
  const dash = items.findIndex((item, index) => index > 0 && /^[-;|]$/.test(item.text))
  if (dash > 0 && dash < items.length - 1) return dash + 1
  const pause = items.findIndex((item, index) => index > 0 && /[,;.\u2026]/.test(afterOf(item, words)))
  return pause > 0 && pause < items.length - 1 ? pause + 1 : undefined
}

// "with sev2" and "called nadia" lead to a value, not to a text.
const leadsOn = (items: readonly Item[], index: number): boolean => {
  const next = items[index + 1]
  if (!next) return false
  return items[index]?.text !== 'with' || LEADING.test(next.text)
}

function partsOf(items: readonly Item[], words: readonly Word[]): readonly (readonly Item[])[] {
  const parts: Item[][] = [[]]
  for (const item of items) {
    parts.at(-1)?.push(item)
    if (/[,;.!\u2026]/.test(afterOf(item, words))) parts.push([])
  }
  return parts.filter((part) => part.length > 0)
}

// Nothing but values and little words: `sev2`, `for checkout`, `please`.
function isApart(part: readonly Item[], words: readonly Word[], choices: readonly Parameter[]): boolean {
  const lowers = words.map((word) => word.lower)
  let until = -1
  return part.every((item) => {
    if (item.slot?.kind === 'service' || item.slot?.kind === 'person' || item.word < until) return true
    const choice = choices.map((parameter) => choiceAt(parameter, lowers, item.word)).find(Boolean)
    if (choice) until = item.word + choice.length
    return choice !== undefined || (!item.slot && (COURTESY.test(item.text) || NOISE.has(item.text)))
  })
}
