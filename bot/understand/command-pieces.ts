import { acceptPhrase } from './command-values.ts'
import type { Said } from './draft.ts'
import { exactly, teamOf } from './entities.ts'
import type { Parameter } from './parameters.ts'
import type { Known } from './slots.ts'
import { rangeAt } from './values/ranges.ts'
import type { Word } from './words.ts'

const LONGEST_TEXT = 500

/** `page sam: the disk fills up`: what follows the colon is the message, whatever it says. */
export function cutMessage(
  words: readonly Word[],
  parameters: readonly Parameter[],
): { readonly words: readonly Word[]; readonly told: Readonly<Record<string, Said>> } {
  const text = parameters.find(
    ({ kind, name, optional }) => kind === 'text' && !optional && /^(?:message|title)$/.test(name),
  )
  const at = text ? words.findIndex((word) => word.after.startsWith(':')) : -1
  const colon = words[at]
  if (!text || !colon || at === 0 || at === words.length - 1) return { words, told: {} }
  const value = words
    .slice(at + 1)
    .map((word) => word.text + word.after)
    .join(' ')
    .replace(/[.\s]+$/, '')
    .slice(0, LONGEST_TEXT)
  // `page sam, message: …` names the parameter before it.
  const end = colon.lower === text.name && at > 1 ? at : at + 1
  const before = words.slice(0, end).map((word, index) => (index === end - 1 ? { ...word, after: '' } : word))
  return value ? { words: before, told: { [text.name]: { value } } } : { words, told: {} }
}

const COUNTED = /^(?:replicas?|pods?|instances?|copies)$/

/** `3-10`, `between 3 and 10`, `from 3 to 10 replicas`, for a skill that asks for a lowest and a highest count. */
export function takeRange(
  words: readonly Word[],
  parameters: readonly Parameter[],
): { readonly rest: readonly Word[]; readonly said: Readonly<Record<string, Said>> } {
  const [low, high, ...more] = parameters.filter((parameter) => parameter.kind === 'number')
  if (!low || !high || more.length > 0) return { rest: words, said: {} }
  const lowers = words.map((word) => (word.quoted ? '' : word.lower))
  for (let at = 0; at < words.length; at++) {
    const range = rangeAt(lowers, at)
    if (!range) continue
    const end = at + range.length + (COUNTED.test(lowers[at + range.length] ?? '') ? 1 : 0)
    const said = { [low.name]: { value: range.value.low }, [high.name]: { value: range.value.high } }
    return { rest: [...words.slice(0, at), ...words.slice(end)], said }
  }
  return { rest: words, said: {} }
}

const LONGEST_PHRASE_WORDS = 6

/** Words that say one value together (`last month`, `3k EUR`, `monday 08:30`) become one word, so that each is placed as a whole. */
export function joinPhrases(words: readonly Word[], open: readonly Parameter[], known: Known): readonly Word[] {
  const joined: Word[] = []
  for (let at = 0; at < words.length; ) {
    const length = phraseLength(words, at, open, known)
    const run = words.slice(at, at + length)
    const [first] = run
    const last = run.at(-1)
    if (!first || !last) break
    const text = run.map((word) => word.text).join(' ')
    joined.push(length === 1 ? first : { ...first, text, lower: text.toLowerCase(), after: last.after })
    at += length
  }
  return joined
}

function phraseLength(words: readonly Word[], at: number, open: readonly Parameter[], known: Known): number {
  for (let length = Math.min(LONGEST_PHRASE_WORDS, words.length - at); length > 1; length--) {
    const run = words.slice(at, at + length)
    if (run.some((word, index) => word.quoted || (index < length - 1 && word.after))) continue
    const phrase = run.map((word) => word.text).join(' ')
    if (phrase.length <= 120 && open.some((parameter) => says(parameter, phrase, known))) return length
  }
  return 1
}

function says(parameter: Parameter, phrase: string, known: Known): boolean {
  const { catalog } = known
  const isName = (kind: 'service' | 'environment') => exactly(catalog, kind, phrase).length > 0
  if (parameter.kind === 'service' || parameter.kind === 'environment') return isName(parameter.kind)
  if (parameter.kind === 'scope')
    return (
      isName('service') || isName('environment') || teamOf(catalog, phrase.replace(/^the | team$/gi, '')) !== undefined
    )
  return acceptPhrase(parameter, phrase, known) !== undefined
}
