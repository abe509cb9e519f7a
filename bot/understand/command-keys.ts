import type { Json } from '../../core/json.ts'
import { acceptUntil } from './command-phrases.ts'
import { acceptPhrase, acceptsAs } from './command-values.ts'
import type { Said } from './draft.ts'
import type { Parameter } from './parameters.ts'
import type { Known } from './slots.ts'
import { variableAt } from './values/variables.ts'
import { splitWords, type Word } from './words.ts'

export interface Keyed {
  readonly said: Readonly<Record<string, Said>>
  readonly rest: readonly Word[]
  readonly count: number
}

interface Taken {
  readonly parameter: Parameter
  readonly value: Json
  readonly length: number
}

/**
 * Takes `key=value`, `--key value`, `for 2h`, `until friday`, `because …` off a command's words. Undefined when a key is unknown,
 * said twice, or has no value: then it is no command.
 */
export function takeKeyed(words: readonly Word[], parameters: readonly Parameter[], known: Known): Keyed | undefined {
  const said: Record<string, Said> = {}
  const rest: Word[] = []
  const free = parameters.find((parameter) => parameter.kind === 'variables')
  const variables = new Map<string, string>()
  for (let at = 0; at < words.length; ) {
    const word = words[at]
    if (!word) break
    const variable = free && takeVariable(words, at, parameters)
    if (variable) {
      if (variable.name && variables.has(variable.name)) return undefined
      if (variable.name) variables.set(variable.name, variable.text)
      at += variable.length
      continue
    }
    const taken = word.quoted ? undefined : takeAt(words, at, parameters, known)
    if (taken === 'wrong' || (taken && said[taken.parameter.name])) return undefined
    if (taken) {
      said[taken.parameter.name] = { value: taken.value }
      at += taken.length
    } else {
      rest.push(word)
      at++
    }
  }
  if (free && variables.size > 0) said[free.name] = { value: Object.fromEntries(variables) }
  return { said, rest, count: Object.keys(said).length }
}

// `pool=blue`, `--pool blue`, and the `with` or `and` in front of one. A key that is a parameter's own name is that parameter.
function takeVariable(words: readonly Word[], at: number, parameters: readonly Parameter[]) {
  const word = words[at]
  if (!word || word.quoted) return undefined
  if (/^(?:with|and|where|using)$/.test(word.lower))
    return variableAt(words, at + 1) && { name: '', text: '', length: 1 }
  const assigned = variableAt(words, at)
  if (assigned)
    return named(parameters, assigned.value.name) ? undefined : { ...assigned.value, length: assigned.length }
  const flag = /^--([\p{L}_][\p{L}\p{N}_.-]{0,59})$/u.exec(word.text)?.[1]
  const next = words[at + 1]
  if (!flag || !next || named(parameters, flag) || next.text.startsWith('--')) return undefined
  return { name: flag, text: next.text, length: 2 }
}

function takeAt(
  words: readonly Word[],
  at: number,
  parameters: readonly Parameter[],
  known: Known,
): Taken | 'wrong' | undefined {
  const word = words[at]
  const text = word?.text ?? ''
  const assigned = /^(?:--)?([a-z][a-z_-]{0,40})=(.*)$/i.exec(text)
  if (assigned) {
    const parameter = named(parameters, assigned[1] ?? '')
    if (!parameter) return 'wrong'
    // `contains="two words"` is split before its quote.
    if (!assigned[2] && words[at + 1]?.quoted) return takeValue(parameter, words, at + 1, 1, known) ?? 'wrong'
    const list = splitWords(assigned[2] ?? '')
    return keyedValue(parameter, list, known) ?? 'wrong'
  }
  if (text.startsWith('--')) {
    const parameter = named(parameters, text.slice(2))
    return parameter ? (longest(parameter, words, at + 1, known) ?? 'wrong') : 'wrong'
  }
  return takeMarked(words, at, parameters, known)
}

function takeMarked(
  words: readonly Word[],
  at: number,
  parameters: readonly Parameter[],
  known: Known,
): Taken | undefined {
  const lower = words[at]?.lower ?? ''
  const compare = parameters.find((one) => one.name === 'compare' && one.kind === 'period')
  const against = compare && comparesAt(words, at)
  if (compare && against) {
    const taken = longest(compare, words, at + against, known)
    if (taken) return { ...taken, length: taken.length + against - 1 }
  }
  if (lower === 'because' || lower === 'reason') return takeReason(words, at, parameters, known)
  if (lower === 'for' || lower === 'since') {
    const durations = parameters.filter((parameter) => parameter.kind === 'duration')
    const parameter = durations.find((one) => one.name === lower) ?? (lower === 'for' ? durations[0] : undefined)
    return parameter && longest(parameter, words, at + 1, known)
  }
  if (lower === 'until' || lower === 'till') {
    const moment = parameters.find((parameter) => parameter.kind === 'moment')
    if (moment) return longest(moment, words, at + 1, known)
    const duration = parameters.find((parameter) => parameter.kind === 'duration')
    return duration && longestUntil(duration, words, at + 1, known)
  }
  // `service checkout`, `contains "timeout"`: the parameter's own name in front of a value.
  const parameter = parameters.find((one) => one.name.toLowerCase() === lower)
  return parameter && !words[at]?.after ? longest(parameter, words, at + 1, known) : undefined
}

// `vs last week`, `compared to last week`
function comparesAt(words: readonly Word[], at: number): number {
  const lower = words[at]?.lower ?? ''
  if (/^(?:vs|versus|against)$/.test(lower)) return 1
  return /^compared?$/.test(lower) && /^(?:to|with|against)$/.test(words[at + 1]?.lower ?? '') ? 2 : 0
}

// Everything up to the next flag is the reason, but for a closing `for 2h`.
function takeReason(
  words: readonly Word[],
  at: number,
  parameters: readonly Parameter[],
  known: Known,
): Taken | undefined {
  const parameter = parameters.find((one) => one.kind === 'text' && one.name === 'reason')
  if (!parameter) return undefined
  let end = at + 1
  while (end < words.length && !/^(?:--|[a-z_-]+=)/i.test(words[end]?.text ?? '')) end++
  for (let tail = Math.max(at + 2, end - 6); tail < end; tail++) {
    const marker = words[tail]?.lower
    if (marker !== 'for' && marker !== 'until' && marker !== 'till') continue
    const more = takeMarked(words.slice(0, end), tail, parameters, known)
    if (more && tail + more.length === end) {
      end = tail
      break
    }
  }
  const value = words
    .slice(words[at + 1]?.lower === 'of' ? at + 2 : at + 1, end)
    .map((word) => word.text + word.after.replace(/[:]/g, ''))
    .join(' ')
    .replace(/[.,\s]+$/, '')
  return value ? { parameter, value, length: end - at } : undefined
}

const LONGEST_VALUE_WORDS = 6

function longest(parameter: Parameter, words: readonly Word[], from: number, known: Known): Taken | undefined {
  for (let length = Math.min(LONGEST_VALUE_WORDS, words.length - from); length > 0; length--) {
    const taken = takeValue(parameter, words, from, length, known)
    if (taken) return taken
  }
  return undefined
}

function longestUntil(parameter: Parameter, words: readonly Word[], from: number, known: Known): Taken | undefined {
  for (let length = Math.min(LONGEST_VALUE_WORDS, words.length - from); length > 0; length--) {
    const value = acceptUntil(phraseOf(words, from, length), known)
    if (value) return { parameter, value, length: length + 1 }
  }
  return undefined
}

const phraseOf = (words: readonly Word[], from: number, length: number): string =>
  words
    .slice(from, from + length)
    .map((word) => word.text)
    .join(' ')

// `length` counts the marker or key in front.
function takeValue(
  parameter: Parameter,
  words: readonly Word[],
  from: number,
  length: number,
  known: Known,
): Taken | undefined {
  const first = words[from]
  if (!first) return undefined
  const phrase = acceptPhrase(parameter, phraseOf(words, from, length), known)
  if (phrase) return { parameter, value: phrase.value, length: length + 1 }
  if (length > 1) return undefined
  const single = acceptsAs(parameter, first, known, '')
  return single && { parameter, value: single.value, length: 2 }
}

// After `=` a value is whatever stands there: the check says what is wrong with it.
function keyedValue(parameter: Parameter, list: readonly Word[], known: Known): Taken | undefined {
  const [first] = list
  if (!first) return undefined
  const values = list.map(
    (word) =>
      acceptPhrase(parameter, word.text, known)?.value ?? acceptsAs(parameter, word, known, 'to')?.value ?? word.text,
  )
  return { parameter, value: values.length === 1 ? (values[0] ?? null) : values, length: 1 }
}

function named(parameters: readonly Parameter[], key: string): Parameter | undefined {
  const plain = key.toLowerCase().replaceAll('_', '-')
  return parameters.find((parameter) => parameter.name.toLowerCase().replaceAll('_', '-') === plain)
}
