import type { Catalog } from '../../../core/catalog/catalog.ts'
import { plainText } from './said-names.ts'

/** Below this share of common letter triples (Dice) two words have little to do with each other. */
const LEAST_ALIKE = 0.3
const MOST = 3

type Index = ReadonlyMap<string, readonly Named[]>
interface Named {
  readonly name: string
  readonly triples: number
}

const indexes = new WeakMap<Catalog, Index>()

/** The services whose name or alias looks most like a word, nearest first; quick however many there are. */
export function servicesLike(catalog: Catalog, word: string): readonly string[] {
  const index = indexes.get(catalog) ?? indexOf(catalog)
  indexes.set(catalog, index)
  const triples = triplesOf(word)
  const common = new Map<Named, number>()
  for (const triple of triples)
    for (const named of index.get(triple) ?? []) common.set(named, (common.get(named) ?? 0) + 1)
  const alike = [...common]
    .map(([{ name, triples: all }, shared]) => ({ name, score: (2 * shared) / (all + triples.size) }))
    .filter(({ score }) => score >= LEAST_ALIKE)
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
  return [...new Set(alike.map(({ name }) => name))].slice(0, MOST)
}

function indexOf(catalog: Catalog): Index {
  const index = new Map<string, Named[]>()
  for (const { name, aliases } of catalog.services)
    for (const said of [name, ...aliases]) {
      const triples = triplesOf(said)
      const named = { name, triples: triples.size }
      for (const triple of triples) {
        const known = index.get(triple)
        if (known) known.push(named)
        else index.set(triple, [named])
      }
    }
  return index
}

function triplesOf(text: string): ReadonlySet<string> {
  const plain = ` ${plainText(text).replace(/[\s_.-]+/g, '')} `
  const triples = new Set<string>()
  for (let at = 0; at + 3 <= plain.length; at++) triples.add(plain.slice(at, at + 3))
  return triples
}
