import type { Catalog, CatalogEnvironment, CatalogService } from '../../../core/catalog/catalog.ts'
import { editDistance } from '../../../core/catalog/distance.ts'
import { matchEnvironments, matchServices } from '../../../core/catalog/resolve.ts'
import type { EntityKind } from '../entities.ts'

/** What people call environments in languages whose words are too far from the usual names to be a slip. */
const TRANSLATED: Readonly<Record<string, readonly string[]>> = {
  production: ['本番', 'プロダクション', 'produktiv', 'produktion', 'produccion', 'prod'],
  staging: ['ステージング', 'ステージ', 'vorschau', 'preproduccion', 'preproduction'],
  development: ['開発', 'entwicklung', 'desarrollo', 'developpement', 'dev'],
  test: ['テスト', '検証', 'testumgebung', 'prueba', 'pruebas', 'essai'],
}
const LONGEST_NAME_WORDS = 3
/** As core/catalog/resolve.ts bends words. */
const FURTHEST = 2
const MOST_GRAMS = 400

export type SaysName =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'or'; readonly names: readonly string[] }

/** Lower case, one form of every letter, no accents. */
export const plainText = (text: string): string =>
  text
    .normalize('NFKC')
    .normalize('NFD')
    // Only what stands on a letter of ours: the marks on kana make other letters.
    .replace(/(?<=[a-z])\p{M}+/giu, '')
    .normalize('NFC')
    .toLowerCase()

/**
 * Whether a text says a service or an environment of the catalog: its name or an alias in any spelling of dashes and blanks, a slip of at
 * most two letters that can be no other, or a common translation. `or` when the slip may be one of several.
 */
export function saysName(text: string, catalog: Catalog, kind: EntityKind, name: string): SaysName {
  const entry = kind === 'service' ? catalog.service(name) : catalog.environment(name)
  if (!entry) return { kind: 'no' }
  const plain = plainText(text)
  const known = [entry.name, ...entry.aliases].map(plainText)
  if (known.some((word) => contains(plain, word))) return { kind: 'yes' }
  if (kind === 'environment' && isTranslated(plain, known)) return { kind: 'yes' }
  let unsure: readonly string[] = []
  for (const gram of gramsOf(plain)) {
    // Near to this very entry first: the whole catalog may be thousands.
    if (!known.some((word) => editDistance(gram, word.replace(/[\s_]+/g, '-'), FURTHEST) <= FURTHEST)) continue
    const found = kind === 'service' ? matchServices(catalog, gram) : matchEnvironments(catalog, gram)
    const nearest = found.filter((match) => match.distance === found[0]?.distance)
    if (!nearest.some((match) => match.value.name === name)) continue
    if (nearest.length === 1) return { kind: 'yes' }
    unsure = nearest.map((match: { value: CatalogService | CatalogEnvironment }) => match.value.name)
  }
  return unsure.length > 0 ? { kind: 'or', names: unsure } : { kind: 'no' }
}

function contains(text: string, word: string): boolean {
  const pattern = word.split(/[\s_-]+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`(?<![\\p{L}\\p{N}])${pattern.join('[\\s_-]*')}(?![\\p{Script=Latin}\\p{N}])`, 'u').test(
    withGaps(text),
  )
}

/** `checkoutを本番に`: a gap where the script changes, so that names in it are words. */
export const withGaps = (text: string): string =>
  text.replace(
    /(?<=[\p{Script=Latin}\p{N}])(?=[\u3040-\u30ff\u4e00-\u9fff])|(?<=[\u3040-\u30ff\u4e00-\u9fff])(?=[\p{Script=Latin}\p{N}])/gu,
    ' ',
  )

function isTranslated(plain: string, known: readonly string[]): boolean {
  const words = new Set(withGaps(plain).match(/[\p{L}]+/gu) ?? [])
  return Object.entries(TRANSLATED).some(
    ([name, said]) =>
      known.some((word) => word === name || said.includes(word)) &&
      said.some((word) => (/[a-z]/.test(word) ? words.has(word) : plain.includes(word))),
  )
}

/** Runs of one to three words, as names may be written. */
function gramsOf(plain: string): readonly string[] {
  const words = withGaps(plain).match(/[\p{L}\p{N}][\p{L}\p{N}._-]*/gu) ?? []
  const grams: string[] = []
  for (let length = 1; length <= LONGEST_NAME_WORDS; length++)
    for (let from = 0; from + length <= words.length && grams.length < MOST_GRAMS; from++) {
      const gram = words.slice(from, from + length).join('-')
      if (gram.length >= 3) grams.push(gram)
    }
  return grams
}
