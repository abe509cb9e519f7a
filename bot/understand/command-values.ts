import { parseOperationId } from '../../core/ids.ts'
import type { Json } from '../../core/json.ts'
import { phraseValue } from './command-phrases.ts'
import { exactly, resolveEntity, teamOf } from './entities.ts'
import type { Parameter } from './parameters.ts'
import type { Known } from './slots.ts'
import { CONDITIONAL, NEGATING, NOISE, REPORTING, SPEECH } from './stop-words.ts'
import { isInteger, numberOf } from './values/numbers.ts'
import { replicasOf } from './values/replicas.ts'
import { isTag, looksLikeVersion } from './values/versions.ts'
import type { Word } from './words.ts'

export interface Accepted {
  readonly value: Json
  /** 0: can be nothing else; more: less like it. */
  readonly cost: number
  /** A name that the catalog does not know. */
  readonly strange: boolean
}

const sure = (value: Json, cost = 0): Accepted => ({ value, cost, strange: false })

/** What one positional word of a command is for a parameter; undefined when it cannot be that. */
export function acceptsAs(parameter: Parameter, word: Word, known: Known, marker: string): Accepted | undefined {
  const { text, lower } = word
  switch (parameter.kind) {
    case 'service':
    case 'environment':
      return acceptName(parameter.kind, text, known)
    case 'version':
      if (looksLikeVersion(text) || lower === 'previous' || lower === 'latest')
        return sure(looksLikeVersion(text) ? text : lower)
      if (/^@./.test(text))
        return exactly(known.catalog, 'environment', text.slice(1)).length > 0 ? sure(text) : undefined
      if (isInteger(text)) return sure(text, 0.5)
      return isTag(text) && !isLittle(lower) && !isKnownName(text, known) ? sure(text, 2) : undefined
    case 'replicas': {
      const count = replicasOf(lower)
      if (count === undefined) return acceptPhrase(parameter, text, known)
      return sure(marker === 'to' && typeof count === 'string' && /^-\d+$/.test(count) ? Number(count) : count)
    }
    case 'scope':
      return acceptScope(text, known)
    case 'incident':
    case 'operation':
    case 'record':
      return acceptPhrase(parameter, text, known) ?? acceptBrokenId(text)
    case 'person':
      return known.peopleNamed(text).length > 0
        ? sure(text)
        : /^@?[\p{L}][\p{L}\p{N}._@-]{1,99}$/u.test(text) && !isLittle(lower)
          ? sure(text, 2)
          : undefined
    case 'account':
      return /^[a-z]+:\S+$/i.test(text) ? sure(text) : undefined
    default:
      return acceptPhrase(parameter, text, known) ?? acceptText(parameter, word)
  }
}

/** What a run of words is for a parameter whose value may have several. */
export function acceptPhrase(parameter: Parameter, phrase: string, known: Known): Accepted | undefined {
  const value = phraseValue(parameter, phrase, known)
  return value === undefined ? undefined : sure(value)
}

function acceptName(kind: 'service' | 'environment', text: string, known: Known): Accepted | undefined {
  if (exactly(known.catalog, kind, text).length > 0) return sure(text)
  const other = kind === 'service' ? 'environment' : 'service'
  if (exactly(known.catalog, other, text).length > 0) return undefined
  if (
    !/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u.test(text) ||
    isLittle(text.toLowerCase()) ||
    numberOf(text) !== undefined ||
    looksLikeVersion(text)
  )
    return undefined
  if (parseOperationId(text) && /^op-/i.test(text)) return undefined
  const near = !('unknown' in resolveEntity(known.catalog, kind, text, false))
  return near ? { value: text, cost: 1, strange: false } : { value: text, cost: 3, strange: true }
}

function acceptScope(text: string, known: Known): Accepted | undefined {
  const { catalog } = known
  const isKnown = isKnownName(text, known) || teamOf(catalog, text.replace(/^the\s+|\s+team$/gi, '')) !== undefined
  if (isKnown || /^(?:all|everything)$/i.test(text)) return sure(text)
  return acceptName('service', text, known)
}

// Meant as an id, and wrong: the check says so.
const acceptBrokenId = (text: string): Accepted | undefined =>
  /^(?:op|inc)-[0-9a-z]{0,20}$/i.test(text) ? sure(text, 1) : undefined

function acceptText(parameter: Parameter, word: Word): Accepted | undefined {
  if (parameter.kind !== 'text' || !word.text) return undefined
  if (word.quoted) return sure(word.text)
  return isLittle(word.lower) ? undefined : sure(word.text, 2)
}

const isKnownName = (text: string, known: Known): boolean =>
  exactly(known.catalog, 'service', text).length > 0 || exactly(known.catalog, 'environment', text).length > 0

const LITTLE = [NOISE, CONDITIONAL, NEGATING, REPORTING, SPEECH]
const isLittle = (lower: string): boolean => LITTLE.some((words) => words.has(lower))
