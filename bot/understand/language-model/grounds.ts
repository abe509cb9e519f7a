import type { Catalog } from '../../../core/catalog/catalog.ts'
import { parseOperationId } from '../../../core/ids.ts'
import type { Json } from '../../../core/json.ts'
import { durationMs } from '../../../core/parameters.ts'
import type { Person } from '../../../core/person.ts'
import type { Before } from '../extract.ts'
import type { Parameter } from '../parameters.ts'
import type { Clock } from '../values/moments.ts'
import { isAlternative } from './alternatives.ts'
import { plainText, saysName } from './said-names.ts'
import { numbersIn, saysCount } from './said-numbers.ts'
import { clockTimesIn, monthsIn, saysLength, saysMoment } from './said-times.ts'

/** What a value must be found in before it counts. */
export interface Ground {
  /** What the person said, and what was already agreed on in this thread. */
  readonly said: string
  /** What they quoted from elsewhere. */
  readonly outside: string
  readonly before: Before
  readonly catalog: Catalog
  readonly clock: Clock
  readonly peopleNamed: (text: string) => readonly Person[]
}

export type Grounded =
  | { readonly kind: 'said' }
  /** Only in text from elsewhere: a person has to confirm it. */
  | { readonly kind: 'outside' }
  /** Said in a way that may mean several. */
  | { readonly kind: 'or'; readonly names: readonly string[] }
  | { readonly kind: 'nowhere' }

/** Enough of a sentence's words that it is that sentence and not another one. */
const SAME_WORDS = 0.6

/** Where a value that a model gave comes from. A model that makes values up, or takes them from an alert, is found out here. */
export function groundOf(parameter: Parameter, value: Json, ground: Ground): Grounded {
  if (isAlternative(parameter, value, ground)) return { kind: 'or', names: [] }
  if (recalled(parameter, value, ground)) return { kind: 'said' }
  if (parameter.kind === 'service' || parameter.kind === 'environment') {
    const says = saysName(ground.said, ground.catalog, parameter.kind, String(value))
    if (says.kind === 'yes') return { kind: 'said' }
    if (says.kind === 'or') return says
  }
  if (isIn(parameter, value, ground.said, ground)) return { kind: 'said' }
  const named =
    (parameter.kind === 'service' || parameter.kind === 'environment') &&
    saysName(ground.outside, ground.catalog, parameter.kind, String(value)).kind === 'yes'
  return { kind: named || isIn(parameter, value, ground.outside, ground) ? 'outside' : 'nowhere' }
}

// "it", "there", "undo that": what was spoken of before in this thread.
function recalled({ kind }: Parameter, value: Json, { before }: Ground): boolean {
  if (kind === 'service' || kind === 'environment') return before[kind] === value
  return (
    (kind === 'operation' || kind === 'record') &&
    before.operation !== undefined &&
    parseOperationId(String(value)) === before.operation
  )
}

function isIn(parameter: Parameter, value: Json, text: string, ground: Ground): boolean {
  if (!text) return false
  const said = String(value)
  switch (parameter.kind) {
    case 'replicas':
      return saysCount(numbersIn(text), said)
    case 'number':
    case 'money':
      return saysCount(numbersIn(text), said.replace(/ [A-Z]{3}$/, ''))
    case 'duration':
      return contains(text, said) || saysLength(text, said, durationMs(said) ?? Number.NaN, ground.clock)
    case 'moment':
      return contains(text, said) || saysMoment(text, said, ground.clock)
    case 'person':
      return contains(text, said) || saysPerson(text, said, ground)
    case 'operation':
    case 'record':
    case 'incident':
      return contains(text, said) || contains(text, said.replace(/^op-/, '')) || digitsSaid(text, said)
    case 'version':
      return (
        contains(text, said) ||
        contains(text, said.replace(/^v(?=\d)/, '')) ||
        contains(text, `v${said}`) ||
        saysRelativeVersion(text, said, ground.catalog)
      )
    case 'text':
      return sameWords(text, said)
    case 'period':
    case 'schedule':
      return timesSaid(text, said)
    case 'variables':
      return (
        value !== null &&
        typeof value === 'object' &&
        Object.values(value).every((part) => contains(text, String(part)))
      )
    case 'scope':
      return contains(text, said) || saysEntity(text, said, ground.catalog)
    case 'choice':
      // What must be one of a few is held by the schema; only an extra that nobody spoke of is made up.
      return !parameter.optional || choiceSaid(parameter, text, said)
    default:
      return contains(text, said)
  }
}

/** The words of a value in a row, whatever their spelling, and not as a part of a longer word or number. */
function contains(text: string, value: string): boolean {
  const wanted = plainText(value)
    .replace(/^[@#<]+|>$/g, '')
    .trim()
  if (!wanted) return false
  const pattern = wanted
    .split(/\s+/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('\\s+')
  return new RegExp(`(?<![\\p{Script=Latin}\\p{N}]|\\d\\.)${pattern}(?![\\p{Script=Latin}\\p{N}]|\\.\\d)`, 'u').test(
    plainText(text),
  )
}

const saysEntity = (text: string, name: string, catalog: Catalog): boolean =>
  (['service', 'environment'] as const).some((kind) => saysName(text, catalog, kind, name).kind === 'yes') ||
  name === 'all'

// "incident 142" says INC-142.
function digitsSaid(text: string, value: string): boolean {
  const [, digits] = /^INC-0*(\d+)$/i.exec(value) ?? []
  return digits !== undefined && numbersIn(text).has(Number(digits))
}

const PREVIOUS =
  /previous|before|prior|earlier|last (?:good|one|version|release)|\bback\b|vorherig|vorige|letzte|davor|zurück|anterior|previa|de antes|précéden|d'avant|前の|以前|ひとつ前|一つ前/i
const LATEST = /latest|newest|most recent|neu[e]?ste|aktuell|última|último|más reciente|dernière?|plus récent|最新/i

function saysRelativeVersion(text: string, value: string, catalog: Catalog): boolean {
  if (value === 'previous') return PREVIOUS.test(text)
  if (value === 'latest') return LATEST.test(text)
  // `@staging`: what runs there.
  return value.startsWith('@') && saysName(text, catalog, 'environment', value.slice(1)).kind === 'yes'
}

function sameWords(text: string, value: string): boolean {
  const plain = plainText(text)
  const words = plainText(value).match(/[\p{L}\p{N}]+/gu) ?? []
  const there = words.filter((word) => plain.includes(word)).length
  return words.length > 0 && there / words.length >= SAME_WORDS
}

// `daily 09:00` after "every day at 9", `2026-10` after "in October": numbers must have been said; words are the schema's.
function timesSaid(text: string, value: string): boolean {
  const time = /(\d\d):(\d\d)$/.exec(value)
  if (time) return clockTimesIn(text).has(Number(time[1]) * 60 + Number(time[2]))
  const numbers = numbersIn(text)
  const months = monthsIn(text)
  return (value.match(/\d+/g) ?? []).map(Number).every((one) => numbers.has(one) || months.has(one) || one > 1_900)
}

/** Whether a text names the person that a value names, by whatever name. */
function saysPerson(text: string, value: string, { peopleNamed }: Ground): boolean {
  const [wanted, ...more] = peopleNamed(value)
  if (!wanted || more.length > 0) return false
  const words = text.match(/<@[^<>\s]+>|@?[\p{L}\p{N}][\p{L}\p{N}._'-]*/gu) ?? []
  const names = [...words, ...words.map((word, at) => `${word} ${words[at + 1] ?? ''}`)]
  return names.some((name) => peopleNamed(name.replace(/['.]s?$/, '')).some(({ id }) => id === wanted.id))
}

function choiceSaid(parameter: Parameter, text: string, value: string): boolean {
  const others = Object.entries(parameter.said ?? {}).flatMap(([word, choice]) => (choice === value ? [word] : []))
  const joined = (words: string) => plainText(words).replace(/[-_/\s]+/g, '')
  return [value, ...others].some((word) => contains(text, word)) || joined(text).includes(joined(value))
}
