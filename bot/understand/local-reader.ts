import { isChange, type SpokenSkill } from '../../core/skill.ts'
import type { SpokenSkillSet } from '../../core/skill-set.ts'
import { askedIn, type Request } from './asked.ts'
import { type Item, itemsOf, textOf } from './clauses.ts'
import type { Draft } from './draft.ts'
import { type Before, extract } from './extract.ts'
import { type Lexicon, lexiconOf, placeholderText } from './lexicon.ts'
import { type Asked, forbidsChange, forbidsReading } from './mood.ts'
import { parametersOf } from './parameters.ts'
import { takeReason } from './reason.ts'
import { groupByContext } from './slot-context.ts'
import { findSlots, type Known } from './slots.ts'
import type { SpokenClause } from './speech/act.ts'
import { isForeign } from './speech/language.ts'
import { isAttack, isPasted, ownWords } from './speech/outside.ts'
import { speakClauses } from './speech/sentence.ts'
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

/**
 * Reads a plain sentence without a language model: what is done by saying it, what it means, and its values by grammar and catalog.
 * Undefined when it is no request.
 */
export function readLocally(
  text: string,
  skills: SpokenSkillSet,
  known: Known,
  before?: Before,
): LocalReading | undefined {
  const own = ownWords(text)
  const typed = splitWords(own)
  if (typed.length === 0 || typed.length > LONGEST_ITEMS) return undefined
  if (isPasted(own) || isAttack(own) || isForeign(typed.map((word) => word.lower))) return undefined
  const lexicon = lexiconOf(skills, known)
  const { words, mended } = lexicon.spelling.mend(typed, known.catalog)
  const readings = groupByContext(skills).flatMap(({ context, skills: group }) => {
    const { items, reason } = takeReason(itemsOf(words, findSlots(words, known, context)), words)
    const sentence: Sentence = { words, reason, before, known, lexicon, mended }
    return askedIn(speakClauses(items, words)).flatMap((request) =>
      group.flatMap((skill) => {
        const reading = judge(skill, request, sentence)
        return reading ? [{ ...reading, request }] : []
      }),
    )
  })
  const reading = best(readings)
  return reading && reading.confidence >= SURE_ENOUGH ? reading : undefined
}

interface Sentence {
  readonly words: readonly Word[]
  readonly reason: string | undefined
  readonly before: Before | undefined
  readonly known: Known
  readonly lexicon: Lexicon
  /** Words that were read though they were not typed as they are. */
  readonly mended: number
}

const best = (readings: readonly LocalReading[]): LocalReading | undefined =>
  readings.reduce<LocalReading | undefined>(
    (top, next) => (top && top.confidence >= next.confidence ? top : next),
    undefined,
  )

function judge(skill: SpokenSkill, request: Request, sentence: Sentence): LocalReading | undefined {
  const change = isChange(skill)
  const asked = gather(skill, request, sentence)
  const weight = weigh(skill, asked, sentence.lexicon)
  if (weight < 0.3) return undefined
  if (change ? forbidsChange(asked) : forbidsReading(asked)) return undefined
  if (change && orderedElsewhere(skill, asked, sentence)) return undefined
  const found = extract(
    skill,
    {
      items: asked.items,
      words: sentence.words,
      reason: sentence.reason ?? reasonBeside(skill, asked, sentence),
      before: spokenOf(asked, sentence.before),
    },
    sentence.known,
    sentence.lexicon.vocabulary(skill.name),
  )
  const left = found.leftSlots.filter((slot) => slot.kind !== 'url')
  const typed = left.filter((slot) => slot.kind !== 'quoted' && slot.kind !== 'person').length
  // `deploy it in 10 minutes`: we do things now or not at all.
  if (change && left.some((slot) => slot.kind === 'duration' || slot.kind === 'moment')) return undefined
  // Without one value that we know, the words may be about anything: "restart the meeting".
  if (found.certain + found.recalled === 0 && found.left.length + found.strange > 0) return undefined
  // A change in half a sentence must be all of it.
  if (change && asked.clause.act === 'fragment' && found.left.length > 0) return undefined
  const missing = Object.entries(skill.input.shape).filter(([name]) => !found.draft[name]).length
  let confidence = Math.min(weight, 1) - typed * 0.3 - (left.length - typed) * 0.12
  confidence -= found.left.length * (change ? 0.12 : 0.09) + found.recalled * 0.04 + Math.min(missing, 3) * 0.01
  // `release notes for …`, `restart policy of …`: the verb is half of a noun.
  const [, second] = asked.clause.main
  if (change && second && found.left.includes(second)) confidence -= 0.4
  confidence -= Math.min(sentence.mended, 2) * 0.07
  return { skill, draft: found.draft, confidence: Math.round(Math.max(0, Math.min(0.98, confidence)) * 100) / 100 }
}

/** The request with those clauses beside it that only name things this skill can use. */
function gather(skill: SpokenSkill, { clause, naming, others, all }: Request, { lexicon }: Sentence): Asked {
  const vocabulary = lexicon.vocabulary(skill.name)
  const joined = naming.filter((other) => {
    const plain = other.main.filter((item) => !item.slot && /[\p{L}\p{N}]/u.test(item.text))
    const strange = plain.filter((item) => !NOISE.has(item.text) && !vocabulary.has(item.text)).length
    // A name in front of a colon is who speaks.
    if (other.end.includes(':') && other.items.some((item) => item.slot?.kind === 'person')) return false
    return other.main.some((item) => item.slot) ? strange <= 1 : strange === 0
  })
  return {
    clause,
    items:
      naming.length === 0
        ? clause.main
        : all.flatMap((one) => (one === clause || joined.includes(one) ? one.main : [])),
    others: [...others, ...naming.filter((other) => !joined.includes(other))],
    behind: all.slice(all.indexOf(clause) + 1).filter((other) => !joined.includes(other)),
  }
}

/** How surely these words mean that skill, by phrases and by what was learned. */
function weigh(skill: SpokenSkill, asked: Asked, lexicon: Lexicon): number {
  const phrase = lexicon.phraseWeight(skill.name, textOf(asked.clause.main))
  const chances = lexicon.intents.chances(placeholderText(asked.items))
  const none = chances.get('none') ?? 0
  const chance = (chances.get(skill.name) ?? 0) / Math.max(0.05, 1 - none)
  const rival = Math.max(
    0,
    ...[...chances].filter(([label]) => label !== skill.name && label !== 'none').map(([, one]) => one),
  )
  if (phrase > 0 && chance > 0.3) return Math.max(phrase, chance)
  if (phrase > 0) return phrase * (rival > 0.7 ? 0.75 : 0.95)
  return chance * (asked.clause.act === 'fragment' ? 0.9 : 0.95)
}

// A second order is a second change: one plan would do half of what was said.
function orderedElsewhere(skill: SpokenSkill, { others }: Asked, { lexicon }: Sentence): boolean {
  return others.some((other) => {
    if (other.act !== 'request' || other.main.length < 2) return false
    const [top] = lexicon.intents.chances(placeholderText(other.main))
    return (
      top !== undefined && top[0] !== 'none' && top[0] !== skill.name && lexicon.changes.has(top[0]) && top[1] > 0.5
    )
  })
}

// `lock cart until friday, month end close`: what stands behind a request tells why.
function reasonBeside(skill: SpokenSkill, { behind }: Asked, { words }: Sentence): string | undefined {
  if (!parametersOf(skill).some(({ name }) => name === 'reason')) return undefined
  const telling = behind.filter(({ act }) => act === 'report' || act === 'fragment' || act === 'plan')
  const items = telling.flatMap((clause) => clause.items)
  const [first, last] = [items[0], items.at(-1)]
  return first && last ? saidBetween(first, last, words) : undefined
}

function saidBetween(first: Item, last: Item, words: readonly Word[]): string {
  return words
    .slice(first.word, last.slot ? last.slot.to : last.word + 1)
    .map((word) => word.text + word.after)
    .join(' ')
    .replace(/[.,;:!\s]+$/, '')
    .slice(0, 500)
}

// `checkout is slow in prod, scale it to 6`: what was spoken of right before is "it" and "there".
function spokenOf(asked: Asked, before: Before | undefined): Before | undefined {
  const said: Record<string, string> = {}
  for (const kind of ['service', 'environment', 'operation'] as const) {
    const values = new Set(valuesIn(asked.others, kind))
    const [value] = values
    if (value && values.size === 1) said[kind] = value
  }
  return Object.keys(said).length ? { ...before, ...said } : before
}

const valuesIn = (clauses: readonly SpokenClause[], kind: string): readonly string[] =>
  clauses.flatMap((clause) =>
    clause.items.flatMap((item) => (item.slot?.kind === kind ? [String(item.slot.value)] : [])),
  )
