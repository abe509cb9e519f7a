import type { Catalog } from '../../core/catalog/catalog.ts'
import type { Found } from './values/found.ts'
import { looksLikeVersion } from './values/versions.ts'
import type { Word } from './words.ts'

/** What companies call their environments, a row for each kind of place. */
const KINDS: readonly (readonly string[])[] = [
  ['prod', 'prd', 'production', 'live'],
  ['staging', 'stage', 'stg'],
  ['preprod', 'pre-prod', 'preproduction', 'pre-production'],
  ['dev', 'development', 'devel'],
  ['qa', 'uat', 'test', 'testing', 'tst', 'acceptance', 'int', 'integration'],
  ['sandbox', 'demo', 'playground', 'perf', 'loadtest'],
]
const KIND_OF: ReadonlyMap<string, readonly string[]> = new Map(
  KINDS.flatMap((kind) => kind.map((word) => [word, kind] as const)),
)

/** Regions and the like, which may be words of any sentence. */
const REGIONS: ReadonlySet<string> = new Set(['customer', 'eu', 'us', 'europe', 'asia'])

/** True for a word that names a place in some company or other: it explains nothing else in a sentence. */
export const isPlaceWord = (word: string): boolean => KIND_OF.has(word) || REGIONS.has(word)

/** Words that are hardly ever anything but a place. */
const UNMISTAKABLE = /^(?:prod|prd|production|staging|stg|preprod|pre-prod|preproduction|pre-production|uat)$/
const TO_A_PLACE = /^(?:in|on|to|into|onto|at|from|within|->|→)$/
const ARTICLE = /^(?:the|our|my|your)$/
// Behind anything else `test` and `stage` are verbs: `to test the fix`.
const GOES_ON =
  /^(?:please|pls|plz|now|asap|for|until|till|with|because|since|and|or|then|thanks|thx|env|environment|cluster|region|to|from|at|->|if|as|so|via|by|before|after|again|today|immediately|right|quickly|is|has|looks|too|also)$/

/**
 * A word that names a kind of place which is none of the catalog's names: `prod` where there are `prod-eu` and `prod-us`, `uat` where there is
 * none. `several` are the environments of that kind, to be asked about; none when the place is unknown here.
 */
export function placeAt(
  words: readonly Word[],
  from: number,
  catalog: Catalog,
): (Found<string> & { readonly several?: readonly string[] | undefined }) | undefined {
  const word = words[from]
  const kind = word && !word.quoted ? KIND_OF.get(word.lower) : undefined
  if (!word || !kind || !(UNMISTAKABLE.test(word.lower) || (standsAsPlace(words, from) && ends(words, from))))
    return undefined
  const several = catalog.environments
    .filter(({ name, aliases }) =>
      [name, ...aliases].some((one) =>
        one
          .toLowerCase()
          .split(/[\s_-]+/)
          .some((piece) => kind.includes(piece)),
      ),
    )
    .map(({ name }) => name)
  return { value: word.text, length: 1, several: several.length > 0 ? several : undefined }
}

function standsAsPlace(words: readonly Word[], from: number): boolean {
  const article = ARTICLE.test(words[from - 1]?.lower ?? '') ? 1 : 0
  const before = words[from - 1 - article]
  if (!before || before.after) return false
  // `deploy cart 1.4.2 live`
  return TO_A_PLACE.test(before.lower) || (words[from]?.lower === 'live' && looksLikeVersion(before.lower))
}

function ends(words: readonly Word[], from: number): boolean {
  const next = words[from + 1]
  return !next || (words[from]?.after ?? '') !== '' || !/^[a-z'-]+$/.test(next.lower) || GOES_ON.test(next.lower)
}
