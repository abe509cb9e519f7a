import type { Catalog, CatalogEnvironment, CatalogService } from '../../core/catalog/catalog.ts'
import { editDistance } from '../../core/catalog/distance.ts'
import { matchEnvironments, matchServices, nearestEnvironments, nearestServices } from '../../core/catalog/resolve.ts'
import { NOISE } from './stop-words.ts'
import { COMMON_WORDS } from './values/common-words.ts'

export type EntityKind = 'service' | 'environment'
type Entry = CatalogService | CatalogEnvironment

interface Names {
  /** By the name or alias, blanks and underscores as dashes. */
  readonly exact: ReadonlyMap<string, readonly string[]>
  /** By the name or alias without any separator. */
  readonly joined: ReadonlyMap<string, readonly string[]>
  /** What was looked up lately, as it was typed. */
  readonly asked: Map<string, readonly string[]>
}

const indexes = new WeakMap<Catalog, Readonly<Record<EntityKind, Names>>>()

// Up and down again is how letters are folded that have no single other case: ß is SS in capitals.
const keyOf = (text: string): string =>
  text
    .normalize('NFC')
    .toUpperCase()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-')
const joinedOf = (text: string): string => keyOf(text).replaceAll('-', '')

function namesOf(entries: readonly Entry[]): Names {
  const exact = new Map<string, string[]>()
  const joined = new Map<string, string[]>()
  const add = (names: Map<string, string[]>, key: string, name: string) => {
    const known = names.get(key) ?? []
    if (!known.includes(name)) names.set(key, [...known, name])
  }
  for (const entry of entries) for (const alias of entry.aliases) add(exact, keyOf(alias), entry.name)
  // A name beats every alias that happens to be the same word.
  for (const entry of entries) exact.set(keyOf(entry.name), [entry.name])
  for (const entry of entries)
    for (const said of [entry.name, ...entry.aliases]) add(joined, joinedOf(said), entry.name)
  return { exact, joined, asked: new Map() }
}

/**
 * The canonical names that a name or alias stands for, in any case, with blanks, dashes, underscores, in one word or in camel case; empty
 * when none.
 */
export function exactly(catalog: Catalog, kind: EntityKind, said: string): readonly string[] {
  const index = indexes.get(catalog) ?? {
    service: namesOf(catalog.services),
    environment: namesOf(catalog.environments),
  }
  indexes.set(catalog, index)
  const names = index[kind]
  const asked = names.asked.get(said)
  if (asked) return asked
  const found = lookUp(names, said)
  // The same words are asked for by every reading of a sentence.
  if (names.asked.size >= REMEMBERED) names.asked.clear()
  names.asked.set(said, found)
  return found
}

const REMEMBERED = 2000

function lookUp(names: Names, said: string): readonly string[] {
  const key = keyOf(said)
  const found = names.exact.get(key)
  if (found) return found
  const camel = names.exact.get(keyOf(said.replace(/(\p{Ll}|\p{N})(?=\p{Lu})/gu, '$1-')))
  return camel ?? (key.length >= 4 ? names.joined.get(key.replaceAll('-', '')) : undefined) ?? []
}

export type Resolved =
  | { readonly name: string; readonly bent: boolean }
  | { readonly unclear: readonly string[] }
  | { readonly unknown: readonly string[] }

/** From how many letters on a word may be off by so many edits and still be read as a name. */
const LETTERS_FOR_EDITS: readonly number[] = [0, 5, 7]
/** How much farther every other name must be. */
const CLEARLY = 2

/**
 * What a typed word stands for. `bend` reads a slip or two in a long name as that name when every other is clearly farther; else slips
 * are asked about. `unclear` and `unknown` bear what to offer instead.
 */
export function resolveEntity(catalog: Catalog, kind: EntityKind, said: string, bend: boolean): Resolved {
  const exact = exactly(catalog, kind, said)
  if (exact.length === 1 && exact[0] !== undefined) return { name: exact[0], bent: false }
  if (exact.length > 1) return { unclear: exact }
  const entries: readonly Entry[] = kind === 'service' ? catalog.services : catalog.environments
  const matches = kind === 'service' ? matchServices(catalog, said) : matchEnvironments(catalog, said)
  const [best] = matches
  if (best) {
    const edits = best.distance
    const letters = Math.min(said.length, best.matched.length)
    const others = entries.filter((entry) => entry.name !== best.value.name)
    if (
      bend &&
      letters >= (LETTERS_FOR_EDITS[edits] ?? Number.POSITIVE_INFINITY) &&
      mayBend(said) &&
      samePieces(said, best.matched) &&
      farther(said, best.matched, others, edits + CLEARLY)
    )
      return { name: best.value.name, bent: true }
    return { unclear: [...new Set(matches.slice(0, 3).map((match) => match.value.name))] }
  }
  const begun = beginningWith(entries, said)
  if (begun.length > 0) return { unclear: begun }
  const near = kind === 'service' ? nearestServices(catalog, said, 3) : nearestEnvironments(catalog, said, 3)
  return { unknown: near }
}

const isWord = (lower: string): boolean => NOISE.has(lower) || COMMON_WORDS.has(lower)

// A word of the language is that word, however near a name it is; so is its plural.
const mayBend = (said: string): boolean => !isWord(said.toLowerCase()) && !isWord(said.toLowerCase().replace(/s$/, ''))

// `billing-ui` is no slip of `billing-run`: each piece of a name must be told from its letters.
function samePieces(said: string, matched: string): boolean {
  const [typed, known] = [keyOf(said).split('-'), keyOf(matched).split('-')]
  if (typed.length !== known.length || typed.length === 1) return true
  return typed.every((piece, index) => {
    const other = known[index] ?? ''
    const most = Math.ceil(Math.max(piece.length, other.length) / 2)
    return editDistance(piece, other, most) < most
  })
}

const endOf = (name: string): string => /-([^-]{2,})$/.exec(keyOf(name))?.[1] ?? ''

// `liv-eu` ends as `live-eu` does: what ends otherwise (`live-us`) is not meant.
function farther(said: string, matched: string, others: readonly Entry[], least: number): boolean {
  const end = endOf(said)
  const sameEnd = end !== '' && end === endOf(matched)
  return others.every((other) =>
    [other.name, ...other.aliases].every(
      (name) => (sameEnd && endOf(name) !== end) || editDistance(keyOf(said), keyOf(name), least) >= least,
    ),
  )
}

const MOST_BEGUN = 4

// `prod` where there are `prod-eu` and `prod-us`.
function beginningWith(entries: readonly Entry[], said: string): readonly string[] {
  const start = `${keyOf(said)}-`
  if (start.length < 4) return []
  const begun = entries.filter((entry) => [entry.name, ...entry.aliases].some((name) => keyOf(name).startsWith(start)))
  return begun.slice(0, MOST_BEGUN).map(({ name }) => name)
}

/** The team of that name, as the catalog spells it. */
export function teamOf(catalog: Catalog, said: string): string | undefined {
  const key = keyOf(said)
  return catalog.services.find(({ team }) => team !== undefined && keyOf(team) === key)?.team
}

/** The teams of the catalog, each once. */
export const teamsOf = (catalog: Catalog): readonly string[] => [
  ...new Set(catalog.services.flatMap(({ team }) => (team === undefined ? [] : [team]))),
]
