import { isChange } from '../../core/skill.ts'
import type { SpokenSkillSet } from '../../core/skill-set.ts'
import { CHANGE_PHRASES, type Phrase } from './change-phrases.ts'
import { type Item, itemsOf } from './clauses.ts'
import { type Intents, learnIntents } from './intent.ts'
import { learnSpelling, type Spelling } from './mend-words.ts'
import { parametersOf } from './parameters.ts'
import { READ_PHRASES } from './read-phrases.ts'
import { slotContextOf } from './slot-context.ts'
import { findSlots, type Known } from './slots.ts'
import { orderOfGerund, orderOfParticiple } from './speech/verbs.ts'
import { splitWords } from './words.ts'

/** The words by which a set of skills is asked for. */
export interface Lexicon {
  readonly intents: Intents
  readonly spelling: Spelling
  /** The skills that change something. */
  readonly changes: ReadonlySet<string>
  /** How surely a clause with values as `<service>` means a skill by the phrases people use for it, 0–1. */
  phraseWeight(skill: string, text: string): number
  /** Words that the skill's own phrases and examples explain. */
  vocabulary(skill: string): ReadonlySet<string>
}

const lexicons = new WeakMap<SpokenSkillSet, Lexicon>()

export function lexiconOf(skills: SpokenSkillSet, known: Known): Lexicon {
  const learned = lexicons.get(skills)
  if (learned) return learned
  const own = skills.flatMap((skill) =>
    [skill.name, ...(skill.aliases ?? [])].map((said): Phrase => {
      const name = said.toLowerCase().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      return { skill: skill.name, pattern: new RegExp(`^${name}(?= |$)`), weight: said === skill.name ? 0.95 : 0.85 }
    }),
  )
  const phrases = Map.groupBy([...own, ...CHANGE_PHRASES, ...READ_PHRASES], (phrase) => phrase.skill)
  const intents = learnIntents(skills, (skill) =>
    skill.examples.map((example) => {
      const words = splitWords(example)
      return placeholderText(itemsOf(words, findSlots(words, known, slotContextOf(skill))))
    }),
  )
  const vocabularies = new Map(
    skills.map((skill) => {
      const choices = parametersOf(skill).flatMap(({ choices: values, said }) =>
        [...values, ...Object.keys(said ?? {})].flatMap((value) => [value, ...value.split(/[-_ ]/)]),
      )
      const bounds = parametersOf(skill).some(({ kind }) => kind === 'number')
        ? ['minimum', 'maximum', 'least', 'most', 'floor', 'ceiling', 'lower', 'upper', 'bounds', 'limits']
        : []
      const names = parametersOf(skill).flatMap(({ name }) => (/^(?:for|to|from|since)$/.test(name) ? [] : [name]))
      const literals = (phrases.get(skill.name) ?? []).flatMap(
        ({ pattern }) => pattern.source.match(/[a-z]{2,}/g) ?? [],
      )
      return [
        skill.name,
        new Set([...inflected([...literals, ...intents.vocabulary(skill.name)]), ...choices, ...bounds, ...names]),
      ] as const
    }),
  )
  const lexicon: Lexicon = {
    intents,
    changes: new Set(skills.filter((skill) => isChange(skill)).map((skill) => skill.name)),
    spelling: learnSpelling(
      intents.counts,
      skills.flatMap((skill) => [skill.name, ...(skill.aliases ?? [])]),
    ),
    phraseWeight(skill, text) {
      let weight = 0
      for (const phrase of phrases.get(skill) ?? [])
        if (phrase.weight > weight && phrase.pattern.test(text)) weight = phrase.weight
      return weight
    },
    vocabulary: (skill) => vocabularies.get(skill) ?? new Set(),
  }
  lexicons.set(skills, lexicon)
  return lexicon
}

const SAID_AS: Readonly<Record<string, string>> = {
  since: 'last {duration}',
  compare: 'compared to {period}',
  percent: '{change}',
  range: '{number} to {number}',
  variable: '{variables}',
  team: '{service}',
}

/** A row of items as the training examples have it: `deploy {service} {version}`. */
export function placeholderText(items: readonly Item[]): string {
  return items
    .map(({ text, slot }) => {
      if (/^(?:slack|teams|web|cli):\S+$/i.test(slot?.kind === 'quoted' ? slot.said : text)) return '{account}'
      if (!slot) return text
      return SAID_AS[slot.kind] ?? `{${text.slice(1, -1)}}`
    })
    .join(' ')
}

// `did we resolve` is explained where "resolved" is.
const inflected = (words: readonly string[]): readonly string[] =>
  words.flatMap((word) => [word, orderOfParticiple(word) ?? word, orderOfGerund(word) ?? word, word.replace(/s$/, '')])
