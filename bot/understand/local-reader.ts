import { isChange, type SpokenSkill } from '../../core/skill.ts'
import type { SpokenSkillSet } from '../../core/skill-set.ts'
import { CHANGE_PHRASES, type Phrase } from './change-phrases.ts'
import { type Clause, type Item, itemsOf, splitClauses, textOf, withoutCourtesy } from './clauses.ts'
import type { Draft } from './draft.ts'
import { type Before, extract } from './extract.ts'
import { mendVerb } from './mend-verb.ts'
import { forbidsChange, forbidsReading } from './mood.ts'
import { READ_PHRASES } from './read-phrases.ts'
import { takeReason } from './reason.ts'
import { learnSimilarity, type Similarity } from './similarity.ts'
import { findSlots, type Known } from './slots.ts'
import { NOISE } from './stop-words.ts'
import { splitWords, type Word } from './words.ts'

export interface LocalReading {
  readonly skill: SpokenSkill
  readonly draft: Draft
  readonly confidence: number
}

/** Below this the reader says that it is no request, rather than guess. */
const SURE_ENOUGH = 0.5
const LONGEST_ITEMS = 300

interface Lexicon {
  readonly phrases: readonly Phrase[]
  readonly vocabulary: ReadonlyMap<string, ReadonlySet<string>>
  readonly similarity: Similarity
}

const lexicons = new WeakMap<SpokenSkillSet, Lexicon>()

/** Reads a plain sentence without any model: verbs and examples name the skill, grammar and catalog its values. Undefined when it is no request. */
export function readLocally(
  text: string,
  skills: SpokenSkillSet,
  known: Known,
  before?: Before,
): LocalReading | undefined {
  // Lines quoted from elsewhere are somebody else's words.
  const own = text.replace(/^\s*>.*$/gm, '').trim()
  const words = splitWords(own)
  if (words.length === 0) return undefined
  const lexicon = lexiconOf(skills, known)
  const all = itemsOf(words, findSlots(words, known))
  if (all.length > LONGEST_ITEMS) return undefined
  const { items, reason } = takeReason(all, words)
  const clauses = splitClauses(items, words)
  const sentence = { words, reason, before, clauses, known, lexicon }
  const direct = best(clauses.flatMap((clause) => readingsOf(clause, skills, sentence)))
  const mended =
    direct && direct.confidence >= SURE_ENOUGH
      ? direct
      : best(clauses.flatMap((clause) => mendedReadings(clause, skills, sentence)))
  const reading = mended ?? direct
  return reading && reading.confidence >= SURE_ENOUGH ? reading : undefined
}

interface Sentence {
  readonly words: readonly Word[]
  readonly reason: string | undefined
  readonly before: Before | undefined
  readonly clauses: readonly Clause[]
  readonly known: Known
  readonly lexicon: Lexicon
}

const best = (readings: readonly LocalReading[]): LocalReading | undefined =>
  readings.reduce<LocalReading | undefined>(
    (top, next) => (top && top.confidence >= next.confidence ? top : next),
    undefined,
  )

function readingsOf(clause: Clause, skills: SpokenSkillSet, sentence: Sentence): readonly LocalReading[] {
  const main = withoutCourtesy(clause.items)
  const text = textOf(main)
  const readings: LocalReading[] = []
  for (const skill of skills) {
    let weight = 0
    for (const phrase of sentence.lexicon.phrases) {
      if (phrase.skill === skill.name && phrase.weight > weight && phrase.pattern.test(text)) weight = phrase.weight
    }
    const near = sentence.lexicon.similarity.score(skill.name, text)
    // A read that nearly is one of the skill's own examples needs no phrase: looking harms nobody.
    if (weight === 0 && !isChange(skill) && near > 0.72) weight = near
    if (weight === 0) continue
    const reading = judge(skill, clause, main, weight + near * 0.05, sentence)
    if (reading) readings.push(reading)
  }
  return readings
}

function judge(
  skill: SpokenSkill,
  clause: Clause,
  main: readonly Item[],
  weight: number,
  sentence: Sentence,
): LocalReading | undefined {
  const change = isChange(skill)
  const forbidden = change ? forbidsChange(sentence.clauses, main) : forbidsReading(sentence.clauses, main)
  if (forbidden || (change && asksForMore(main, sentence))) return undefined
  const vocabulary = sentence.lexicon.vocabulary.get(skill.name) ?? new Set()
  // `in staging, scale cart to 4`: clauses that only name things belong to the one with the verb.
  const others = sentence.clauses.filter((other) => other !== clause)
  const naming = others.filter((other) => other.items.every((item) => item.slot || NOISE.has(item.text)))
  const items = [...main, ...naming.flatMap((other) => other.items)]
  const found = extract(
    skill,
    { items, words: sentence.words, reason: sentence.reason, before: spokenOf(others, sentence.before) },
    sentence.known,
    vocabulary,
  )
  const typed = found.leftSlots.filter((slot) => slot.kind !== 'quoted' && slot.kind !== 'person').length
  // Without one value that we know, the words may be about anything: "restart the meeting".
  if (found.certain + found.recalled === 0 && found.left.length + found.strange > 0) return undefined
  // `deploy it in 10 minutes`: we do things now or not at all.
  if (change && found.leftSlots.some((slot) => slot.kind === 'duration' || slot.kind === 'moment')) return undefined
  const missing = Object.entries(skill.input.shape).filter(([name]) => !found.draft[name]).length
  let confidence = Math.min(weight, 1) - typed * 0.3 - (found.leftSlots.length - typed) * 0.12
  confidence -= found.left.length * (change ? 0.12 : 0.09) + found.recalled * 0.08 + Math.min(missing, 3) * 0.01
  if (others.length > naming.length) confidence -= 0.06
  // `release notes for …`, `restart policy of …`: the verb is half of a noun.
  if (change && main[1] && found.left.includes(main[1])) confidence -= 0.4
  // `roll back checkout in prod?` without a courtesy is half a question.
  if (change && clause.end.includes('?') && main.length === clause.items.length) confidence -= 0.2
  return { skill, draft: found.draft, confidence: Math.round(Math.max(0, Math.min(0.98, confidence)) * 100) / 100 }
}

// `checkout is slow, scale it to 6`: the service of the clause before is "it".
function spokenOf(others: readonly Clause[], before: Before | undefined): Before | undefined {
  const services = new Set(
    others.flatMap((clause) =>
      clause.items.flatMap((item) => (item.slot?.kind === 'service' ? [String(item.slot.value)] : [])),
    ),
  )
  const [service] = services
  return service && services.size === 1 ? { ...before, service } : before
}

// A second verb behind "and" is a second change: one plan would do half of what was said.
function asksForMore(main: readonly Item[], sentence: Sentence): boolean {
  const starts = main.flatMap((item, index) => (index > 0 && /^(?:and|then)$/.test(item.text) ? [index + 1] : []))
  const rests = starts.map((start) => main.slice(start))
  const others = sentence.clauses
    .map((clause) => clause.items)
    .filter((items) => !items.some((item) => main.includes(item)))
  return [...rests, ...others].some((items) => {
    const text = textOf(withoutCourtesy(items))
    return sentence.lexicon.phrases.some(
      (phrase) => phrase.weight >= 0.9 && CHANGING.has(phrase.skill) && phrase.pattern.test(text),
    )
  })
}

const CHANGING: ReadonlySet<string> = new Set(CHANGE_PHRASES.map((phrase) => phrase.skill))

function mendedReadings(clause: Clause, skills: SpokenSkillSet, sentence: Sentence): readonly LocalReading[] {
  const main = withoutCourtesy(clause.items)
  const [first, ...rest] = main
  if (!first || first.slot || !rest.some((item) => item.slot)) return []
  const verb = mendVerb(first.text, skills)
  if (!verb) return []
  const items = clause.items.map((item) => (item === first ? { ...item, text: verb } : item))
  return readingsOf({ ...clause, items, text: textOf(items) }, skills, {
    ...sentence,
    clauses: sentence.clauses.map((other) => (other === clause ? { ...clause, items } : other)),
  }).map((reading) => ({ ...reading, confidence: Math.round((reading.confidence - 0.15) * 100) / 100 }))
}

function lexiconOf(skills: SpokenSkillSet, known: Known): Lexicon {
  const learned = lexicons.get(skills)
  if (learned) return learned
  const own = skills.flatMap((skill) =>
    [skill.name, ...(skill.aliases ?? [])].map((said): Phrase => {
      const name = said.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      return { skill: skill.name, pattern: new RegExp(`^${name}(?= |$)`), weight: said === skill.name ? 0.95 : 0.85 }
    }),
  )
  const installed = new Set(skills.map((skill) => skill.name))
  const phrases = [...own, ...CHANGE_PHRASES, ...READ_PHRASES].filter((phrase) => installed.has(phrase.skill))
  const vocabulary = new Map(
    skills.map((skill) => {
      const literals = phrases
        .filter((phrase) => phrase.skill === skill.name)
        .flatMap((phrase) => phrase.pattern.source.match(/[a-z]{2,}/g) ?? [])
      return [skill.name, new Set(literals)] as const
    }),
  )
  const examples = (skill: SpokenSkill) =>
    skill.examples.map((example) => {
      const words = splitWords(example)
      return textOf(withoutCourtesy(itemsOf(words, findSlots(words, known))))
    })
  const lexicon = { phrases, vocabulary, similarity: learnSimilarity(skills, examples) }
  lexicons.set(skills, lexicon)
  return lexicon
}
