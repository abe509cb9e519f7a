import type { Catalog } from '../../../core/catalog/catalog.ts'
import { exactly } from '../entities.ts'
import { NOISE } from '../stop-words.ts'
import { servicesLike } from './near-names.ts'
import { withGaps } from './said-names.ts'

const MOST_ENVIRONMENTS = 60
const MOST_SERVICES = 12
const MOST_WORDS = 60

/** As much of the catalog as a prompt needs: all environments, the services near the words said, and how many there are. */
export function catalogHints(
  catalog: Catalog,
  said: string,
): { readonly environments: string; readonly services: string } {
  const environments = catalog.environments.slice(0, MOST_ENVIRONMENTS).map(named)
  const near = nearServices(catalog, said).flatMap((name) => catalog.service(name) ?? [])
  const count = `${catalog.services.length.toLocaleString('en-US')} in all`
  return {
    environments: environments.join(', ') || 'none',
    services: near.length > 0 ? `${near.map(named).join(', ')} (${count})` : `none (${count})`,
  }
}

const named = ({ name, aliases }: { readonly name: string; readonly aliases: readonly string[] }): string =>
  aliases.length > 0 ? `${name} [${aliases.join(', ')}]` : name

function nearServices(catalog: Catalog, said: string): readonly string[] {
  const words = (withGaps(said).match(/[\p{L}\p{N}][\p{L}\p{N}._-]*/gu) ?? []).filter(
    (word) => word.length >= 2 && !NOISE.has(word.toLowerCase()) && !/^\d/.test(word),
  )
  const pairs = words.flatMap((word, at) => (words[at + 1] ? [`${word}-${words[at + 1]}`] : []))
  const found = new Set<string>()
  const unknown: string[] = []
  for (const word of [...words, ...pairs]) {
    const names = exactly(catalog, 'service', word)
    for (const name of names) found.add(name)
    if (names.length === 0 && exactly(catalog, 'environment', word).length === 0) unknown.push(word)
  }
  for (const word of unknown.slice(0, MOST_WORDS)) {
    if (found.size >= MOST_SERVICES) break
    for (const name of servicesLike(catalog, word)) found.add(name)
  }
  return [...found].slice(0, MOST_SERVICES)
}
