import type { Catalog, CatalogEnvironment, CatalogService } from '../../core/catalog/catalog.ts'
import { matchEnvironments, matchServices, nearestEnvironments, nearestServices } from '../../core/catalog/resolve.ts'

export type EntityKind = 'service' | 'environment'

interface Index {
  readonly service: ReadonlyMap<string, readonly string[]>
  readonly environment: ReadonlyMap<string, readonly string[]>
}

const indexes = new WeakMap<Catalog, Index>()

const keyOf = (text: string): string => text.toLowerCase().replace(/[\s_-]+/g, '-')

function indexOf(catalog: Catalog): Index {
  const before = indexes.get(catalog)
  if (before) return before
  const index = { service: namesOf(catalog.services), environment: namesOf(catalog.environments) }
  indexes.set(catalog, index)
  return index
}

function namesOf(entries: readonly (CatalogService | CatalogEnvironment)[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>()
  const add = (said: string, name: string) => {
    const known = names.get(keyOf(said)) ?? []
    if (!known.includes(name)) names.set(keyOf(said), [...known, name])
  }
  for (const entry of entries) for (const alias of entry.aliases) add(alias, entry.name)
  // A name beats every alias that happens to be the same word.
  for (const entry of entries) names.set(keyOf(entry.name), [entry.name])
  return names
}

/** The canonical names that a name or alias stands for, in any case, with blanks, dashes or underscores; empty when none. */
export function exactly(catalog: Catalog, kind: EntityKind, said: string): readonly string[] {
  return indexOf(catalog)[kind].get(keyOf(said)) ?? []
}

export type Resolved =
  | { readonly name: string; readonly bent: boolean }
  | { readonly unclear: readonly string[] }
  | { readonly unknown: readonly string[] }

const LONG_NAME = 6

/**
 * What a typed word stands for. `bend` reads a slip of one letter in a long name when only one name is that near; else slips are
 * asked about. `unclear` and `unknown` bear what to offer instead.
 */
export function resolveEntity(catalog: Catalog, kind: EntityKind, said: string, bend: boolean): Resolved {
  const exact = exactly(catalog, kind, said)
  if (exact.length === 1 && exact[0] !== undefined) return { name: exact[0], bent: false }
  if (exact.length > 1) return { unclear: exact }
  const matches = kind === 'service' ? matchServices(catalog, said) : matchEnvironments(catalog, said)
  const [best, second] = matches
  if (best) {
    const alone = !second || second.distance > best.distance
    if (bend && alone && best.distance === 1 && best.matched.length >= LONG_NAME)
      return { name: best.value.name, bent: true }
    return { unclear: [...new Set(matches.slice(0, 3).map((match) => match.value.name))] }
  }
  const near = kind === 'service' ? nearestServices(catalog, said, 3) : nearestEnvironments(catalog, said, 3)
  return { unknown: near }
}
