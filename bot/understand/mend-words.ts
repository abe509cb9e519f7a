import type { Catalog } from '../../core/catalog/catalog.ts'
import { editDistance } from '../../core/catalog/distance.ts'
import { exactly, resolveEntity } from './entities.ts'
import { ORDERING, orderOfGerund, orderOfParticiple } from './speech/verbs.ts'
import { CONDITIONAL, NEGATING, NOISE, REPORTING, SPEECH } from './stop-words.ts'
import { COMMON_WORDS } from './values/common-words.ts'
import { PLAIN_WORDS } from './values/plain-words.ts'
import type { Word } from './words.ts'

/** The words a reader knows, so that it can tell a slip of the pen from a word of its own. */
export interface Spelling {
  /** True for a word of the examples or of everyday English. */
  knows(word: string): boolean
  /** `words` with slips in known verbs and nouns put right in `lower`; what was typed stays in `text`. */
  mend(words: readonly Word[], catalog: Catalog): { readonly words: readonly Word[]; readonly mended: number }
}

const SHORTEST = 4
/** From this length on, two slips are read; below, one. */
const LONG = 7
const LONGEST = 20
/** A word that the examples use at least so often is no slip. */
const COMMON_FROM = 3
/** A slip is read as the more usual of two words when it is so many times more usual. */
const FAR_MORE_USUAL = 4

/** Learns from how often words stand in the examples; `verbs` are the skills' names and other words for them. */
export function learnSpelling(counts: ReadonlyMap<string, number>, verbs: readonly string[]): Spelling {
  const targets = new Map<string, number>()
  for (const [word, count] of counts)
    if (count >= COMMON_FROM && word.length >= SHORTEST && /^[a-z]+$/.test(word) && !isLittle(word))
      targets.set(word, count)
  for (const verb of [...ORDERING, ...verbs])
    if (/^[a-z-]{4,}$/.test(verb)) targets.set(verb, (targets.get(verb) ?? 0) + COMMON_FROM)
  const isKnown = (word: string): boolean =>
    targets.has(word) ||
    (counts.get(word) ?? 0) >= COMMON_FROM ||
    COMMON_WORDS.has(word) ||
    PLAIN_WORDS.has(word) ||
    MEASURES.has(word) ||
    isLittle(word) ||
    ORDERING.has(word) ||
    orderOfParticiple(word) !== undefined ||
    orderOfGerund(word) !== undefined ||
    isInflected(word, targets)
  const byLength = Map.groupBy(targets.keys(), (word) => word.length)
  const found = new Map<string, string | undefined>()
  const nearest = (word: string): string | undefined => {
    if (!found.has(word)) {
      if (found.size > 2000) found.clear()
      found.set(word, findNearest(word, byLength, targets))
    }
    return found.get(word)
  }
  return {
    knows: (word) => counts.has(word) || word.split('-').every(isKnown),
    mend(words, catalog) {
      let mended = 0
      const right = words.map((word, index) => {
        const { lower } = word
        // `form qa to preprod`
        if (lower === 'form' && exactly(catalog, 'environment', words[index + 1]?.text ?? '').length)
          return { ...word, lower: 'from' }
        if (
          word.quoted ||
          lower.length < SHORTEST - 1 ||
          lower.length > LONGEST ||
          !/^[a-z]+(?:-[a-z]+)?$/.test(lower) ||
          isKnown(lower)
        )
          return word
        if (isName(lower, catalog)) return word
        const near = nearest(lower)
        if (!near) return word
        mended++
        return { ...word, lower: near }
      })
      return { words: right, mended }
    },
  }
}

// Little words carry the mood of a sentence: nothing is mended into one of them.
const isLittle = (word: string): boolean =>
  [NOISE, CONDITIONAL, NEGATING, REPORTING, SPEECH].some((words) => words.has(word))

/** Words of time, money and number: known wherever they stand, and never idle talk beside a value. */
export const MEASURES: ReadonlySet<string> = new Set(
  `sec secs second seconds min mins minute minutes hour hours hrs day days week weeks weekend month months quarter quarters year years fortnight
  monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays sunday sundays mon tue tues wed thu thur thurs fri sat sun
  january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
  today tomorrow yesterday tonight morning mornings afternoon evening evenings noon midday midnight daily weekly monthly yearly quarterly hourly weekdays workdays
  euro euros dollar dollars pound pounds bucks grand cents half dozen dozens once twice thrice double triple percent zero hundred thousand million
  one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty
  rolling canary blue green cpu memory disk gate gates login logins bot slack teams chat url link`.split(/\s+/),
)

const isName = (word: string, catalog: Catalog): boolean =>
  (['service', 'environment'] as const).some((kind) => {
    const resolved = resolveEntity(catalog, kind, word, true)
    return 'name' in resolved
  })

// `deploys`, `restarted`, `scaling` are no slips of their stems.
function isInflected(word: string, known: ReadonlyMap<string, number>): boolean {
  const stems = [
    word.replace(/e?s$/, ''),
    word.replace(/ies$/, 'y'),
    word.replace(/e?d$/, ''),
    word.replace(/(.)\1ed$/, '$1'),
    word.replace(/ing$/, ''),
    word.replace(/ing$/, 'e'),
    word.replace(/(.)\1ing$/, '$1'),
    word.replace(/ly$/, ''),
    word.replace(/e?r$/, ''),
  ]
  return stems.some(
    (stem) => stem !== word && stem.length > 2 && (known.has(stem) || known.has(`${stem}e`) || COMMON_WORDS.has(stem)),
  )
}

function findNearest(
  word: string,
  byLength: ReadonlyMap<number, readonly string[]>,
  usual: ReadonlyMap<string, number>,
): string | undefined {
  const most = word.length >= LONG ? 2 : 1
  let best: { word: string; distance: number } | undefined
  let rival = false
  for (let length = word.length - most; length <= word.length + most; length++) {
    for (const target of byLength.get(length) ?? []) {
      // Three letters are too few to lose one's way with: only one more makes a verb of them.
      if (word.length < SHORTEST && (target.length !== SHORTEST || !ORDERING.has(target))) continue
      // `quotes` is no slip of `quoted`: endings are grammar.
      if (word.length === target.length && word.slice(0, -1) === target.slice(0, -1)) continue
      const distance = editDistance(word, target, most)
      if (distance > most || (distance === 2 && target[0] !== word[0])) continue
      if (best && best.distance < distance) continue
      if (!best || best.distance > distance) {
        best = { word: target, distance }
        rival = false
        continue
      }
      const [count, other] = [usual.get(target) ?? 0, usual.get(best.word) ?? 0]
      if (count >= other * FAR_MORE_USUAL) {
        best = { word: target, distance }
        rival = false
      } else if (count * FAR_MORE_USUAL > other) rival = true
    }
  }
  return best && !rival ? best.word : undefined
}
