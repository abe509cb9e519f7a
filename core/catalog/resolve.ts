import type { Catalog, CatalogEnvironment, CatalogService, Match } from './catalog.ts'
import { editDistance, nearestWords } from './distance.ts'

/** A word is never bent further than this. */
const FURTHEST = 2
/** Short words mean too much when bent: `dev` and `dex` may both be real. */
const SHORT_LENGTH = 4
const FURTHEST_OF_SHORT = 1

interface Named {
  readonly name: string
  readonly aliases: readonly string[]
}

/** The services a word may mean, nearest first; distance 0 is the name itself or an alias. Several at distance 0 cannot be. */
export function matchServices(catalog: Catalog, text: string): Match<CatalogService>[] {
  return match(catalog.services, text)
}

export function matchEnvironments(catalog: Catalog, text: string): Match<CatalogEnvironment>[] {
  return match(catalog.environments, text)
}

/** Names to offer for a word that means nothing: "did you mean". */
export function nearestServices(catalog: Catalog, text: string, count: number): string[] {
  return nearest(catalog.services, text, count)
}

export function nearestEnvironments(catalog: Catalog, text: string, count: number): string[] {
  return nearest(catalog.environments, text, count)
}

/** People write names with spaces, underscores and capitals: `Email Service` in a file is `email-service` here. */
function normalise(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-')
}

function match<T extends Named>(things: readonly T[], text: string): Match<T>[] {
  const word = normalise(text)
  // No name is this long, and the work grows with the square.
  if (word === '' || word.length > 120) return []
  const most = word.length <= SHORT_LENGTH ? FURTHEST_OF_SHORT : FURTHEST
  const found: Match<T>[] = []
  for (const value of things) {
    let best: Match<T> | undefined
    for (const matched of [value.name, ...value.aliases]) {
      const known = normalise(matched)
      const limit = known.length <= SHORT_LENGTH ? Math.min(most, FURTHEST_OF_SHORT) : most
      const distance = editDistance(word, known, limit)
      if (distance <= limit && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
        best = { value, distance, matched }
    }
    if (best) found.push(best)
  }
  return found.sort((a, b) => a.distance - b.distance || (a.value.name < b.value.name ? -1 : 1))
}

function nearest(things: readonly Named[], text: string, count: number): string[] {
  const word = normalise(text).slice(0, 120)
  const owner = new Map(
    things.flatMap((thing) => [thing.name, ...thing.aliases].map((known) => [normalise(known), thing.name])),
  )
  // More than asked for, since several words may belong to one thing.
  const names = nearestWords(word, [...owner.keys()], count * 4).map((known) => owner.get(known) ?? known)
  return [...new Set(names)].slice(0, count)
}
