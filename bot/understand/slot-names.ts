import type { Catalog } from '../../core/catalog/catalog.ts'
import type { Person } from '../../core/person.ts'
import { type EntityKind, exactly, teamOf } from './entities.ts'
import { NOISE } from './stop-words.ts'
import type { Found } from './values/found.ts'
import { elsewhereLeadsAt, looksLikeVersion } from './values/versions.ts'
import type { Word } from './words.ts'

const LONGEST_NAME_WORDS = 4

export interface NameFound {
  readonly kind: EntityKind
  readonly names: readonly string[]
  readonly length: number
}

/** A service or an environment at `words[from]`: by name or alias, also possessive, in the plural or in several words. */
export function nameAt(words: readonly Word[], from: number, catalog: Catalog): NameFound | undefined {
  for (let length = LONGEST_NAME_WORDS; length > 0; length--) {
    const run = words.slice(from, from + length)
    if (run.length < length || run.some((word, index) => word.quoted || (index < length - 1 && word.after))) continue
    const phrase = run.map((word) => word.text).join(' ')
    if (phrase.length > 120) continue
    for (const said of spellings(phrase)) {
      for (const kind of ['service', 'environment'] as const) {
        const names = exactly(catalog, kind, said)
        if (names.length && (length > 1 || !isEverydayWord(words, from, kind, catalog))) return { kind, names, length }
      }
    }
  }
  return undefined
}

function spellings(phrase: string): readonly string[] {
  const bare = phrase.replace(/^[@#]/, '')
  const own = bare.replace(/'s?$/i, '')
  return [...new Set([phrase, bare, own, own.length > 4 ? own.replace(/s$/i, '') : own])]
}

const GIVING = /^(?:give|send|show|tell|report|explain|say|back|talk|post|bring)$/

// `us` may be a place: in capitals, behind "in", or in front of "environment"; else it is we.
function isEverydayWord(words: readonly Word[], from: number, kind: EntityKind, catalog: Catalog): boolean {
  const word = words[from]
  if (!word || !NOISE.has(word.lower)) return false
  const next = words[from + 1]?.lower ?? ''
  if (kind === 'service') return next !== 'service'
  if (/^(?:env|environment|cluster|region)$/.test(next)) return false
  if (word.text.length > 1 && word.text === word.text.toUpperCase() && words.some((one) => /\p{Ll}/u.test(one.text)))
    return false
  const before = words[from - 1]?.lower ?? ''
  if (/^(?:in|on|into|onto|at)$/.test(before)) return false
  // `in eu and us`
  const joined = /^(?:and|or|&|nor|\+)$/.test(before) ? words[from - 2] : undefined
  if (joined && exactly(catalog, 'environment', joined.text).length > 0) return false
  return before !== 'to' || words.slice(0, from).some((one) => GIVING.test(one.lower))
}

/** A team at `words[from]`: by its name, "the" and "team" left aside. */
export function teamAt(
  words: readonly Word[],
  from: number,
  catalog: Catalog,
  only: 'called so' | 'any',
): Found<string> | undefined {
  for (let length = 3; length > 0; length--) {
    const run = words.slice(from, from + length)
    if (run.length < length || run.some((word, index) => word.quoted || (index < length - 1 && word.after))) continue
    const team = teamOf(catalog, run.map((word) => word.text.replace(/'s?$/i, '')).join(' '))
    if (team === undefined) continue
    const called = words[from + length]?.lower === 'team' && !words[from + length - 1]?.after
    if (called) return { value: team, length: length + 1 }
    if (only === 'any' && !NOISE.has(words[from]?.lower ?? '')) return { value: team, length }
  }
  return undefined
}

/** What runs in another environment, as `@staging`: `what runs in qa`, `the same version as preprod`, `the qa version`, `what qa has`. */
export function elsewhereAt(
  words: readonly Word[],
  lowers: readonly string[],
  from: number,
  catalog: Catalog,
): Found<string> | undefined {
  const environmentAt = (at: number) => {
    const found = words[at]?.quoted ? quotedEnvironment(words, at, catalog) : nameAt(words, at, catalog)
    return found?.kind === 'environment' && found.names.length === 1 ? found : undefined
  }
  for (const length of elsewhereLeadsAt(lowers, from)) {
    const found = environmentAt(from + length)
    // `the last cart release in prod` is a place, `what runs in prod` a version.
    if (found && isBareNoun(lowers, from, length)) continue
    if (found) {
      const end = from + length + found.length
      const runs = /^(?:is running|is on|has got|has|have|runs|got)(?= |$)/.exec(lowers.slice(end, end + 2).join(' '))
      return { value: `@${found.names[0]}`, length: length + found.length + (runs ? runs[0].split(' ').length : 0) }
    }
  }
  if (lowers[from] === 'as' && lowers.slice(Math.max(0, from - 6), from).includes('same')) {
    const at = /^(?:in|on)$/.test(lowers[from + 1] ?? '') ? from + 2 : from + 1
    const same = environmentAt(at)
    return same && { value: `@${same.names[0]}`, length: at + same.length - from }
  }
  const asks = /^(?:what|whatever|that|which)$/.test(lowers[from] ?? '')
  const owns = /^(?:the|same|current)$/.test(lowers[from] ?? '')
  if (!asks && !owns) return undefined
  const at = owns && lowers[from + 1] === 'current' ? from + 2 : from + 1
  const found = environmentAt(at)
  const end = found ? at + found.length : at
  const runs = lowers[end] === 'is' && /^(?:on|running|at)$/.test(lowers[end + 1] ?? '')
  if (found && asks && runs) return { value: `@${found.names[0]}`, length: end + 2 - from }
  const closes = asks ? /^(?:has|runs|got|have)$/ : /^(?:version|build|release|image)$/
  if (!found || !closes.test(lowers[end] ?? '') || looksLikeVersion(lowers[end + 1] ?? '')) return undefined
  return { value: `@${found.names[0]}`, length: end + 1 - from }
}

// Only `release in`, behind a name or a word of order.
const isBareNoun = (lowers: readonly string[], from: number, length: number): boolean =>
  length === 2 &&
  /^(?:version|build|release|image|tag)$/.test(lowers[from] ?? '') &&
  /^(?:in|on|at|from)$/.test(lowers[from + 1] ?? '') &&
  lowers
    .slice(Math.max(0, from - 3), from)
    .some((word) => /^(?:last|latest|new|newest|recent|bad|broken|back)$/.test(word))

function quotedEnvironment(words: readonly Word[], at: number, catalog: Catalog): NameFound | undefined {
  const names = exactly(catalog, 'environment', words[at]?.text ?? '')
  return names.length ? { kind: 'environment', names, length: 1 } : undefined
}

/** The people that a first name, a whole name or a mention at `words[from]` may mean. */
export function personAt(
  words: readonly Word[],
  from: number,
  peopleNamed: (text: string) => readonly Person[],
): Found<readonly Person[]> | undefined {
  for (let length = Math.min(3, words.length - from); length > 0; length--) {
    const run = words.slice(from, from + length)
    if (run.some((word, index) => word.quoted || word.text.length > 100 || (index < length - 1 && word.after))) continue
    const text = run
      .map((word) => word.text)
      .join(' ')
      .replace(/'s?$/i, '')
    if (length === 1 && NOISE.has(text.toLowerCase())) continue
    const people = peopleNamed(text)
    if (people.length) return { value: people, length }
  }
  return undefined
}
