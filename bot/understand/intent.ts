import { join } from 'node:path'
import type { SpokenSkill } from '../../core/skill.ts'
import type { SpokenSkillSet } from '../../core/skill-set.ts'
import { NONE, type TrainingExample } from './model/intent-model.ts'
import { keptIntentModel } from './model/kept-model.ts'
import { isPlaceWord } from './place-words.ts'
import { loadTrainingExamples } from './training/load.ts'

/** What a sentence may mean, learned from the training part and from the examples in the skills' own files. */
export interface Intents {
  /** How likely a text with values as `{service}` means each skill, and `none`, that it asks for nothing. */
  chances(text: string): ReadonlyMap<string, number>
  /** Words that a skill's examples explain. */
  vocabulary(skill: string): ReadonlySet<string>
  /** The words that the skill's examples begin with. */
  leads(skill: string): ReadonlySet<string>
  /** How often each word stands in the examples. */
  readonly counts: ReadonlyMap<string, number>
}

// Values that are plain words to the grammar stand in the examples under a common name; here they are words again.
const SPELLED: Readonly<Record<string, readonly string[]>> = {
  mode: ['read-only', 'suggest', 'review', 'autonomous', 'readonly'],
  state: ['failed', 'succeeded', 'running', 'rolled_back', 'open', 'finished', 'cancelled', 'waiting', 'planned'],
  severity: ['sev1', 'critical', 'sev2', 'p1', 'warning', 'sev3', 'major', 'info', 'sev4'],
}
const STATES: Readonly<Record<string, readonly string[]>> = {
  incidents: ['open', 'resolved', 'acknowledged'],
  settle: ['failed', 'succeeded', 'rolled_back', 'cancelled', 'rolled back'],
}
const SEVERITIES: Readonly<Record<string, readonly string[]>> = { alerts: ['critical', 'warning', 'info'] }

function spellOut({ text, label }: TrainingExample, index: number): TrainingExample {
  const spelled = text.replace(/\{(mode|state|severity)\}/g, (_, kind: string) => {
    const own = kind === 'state' ? STATES[label] : kind === 'severity' ? SEVERITIES[label] : undefined
    const words = own ?? SPELLED[kind] ?? []
    return words[index % words.length] ?? kind
  })
  return { text: spelled, label }
}

const trained: { readonly own: ReadonlySet<string>; readonly intents: Intents }[] = []

/**
 * The intents of a set of skills. Learned once in a process for all sets whose examples it has seen; unless an earlier process has, it takes about a
 * second, so whoever serves people asks for it before the first of them speaks. `own` are a skill's examples with values replaced.
 */
export function learnIntents(skills: SpokenSkillSet, own: (skill: SpokenSkill) => readonly string[]): Intents {
  const examples = skills.flatMap((skill) => own(skill).map((text) => ({ text, label: skill.name })))
  const keys = examples.map(({ text, label }) => `${label}\0${text}`)
  const known = trained.find((one) => keys.every((key) => one.own.has(key)))
  if (known) return known.intents
  const intents = train([...loadTrainingExamples().map(spellOut), ...examples])
  trained.push({ own: new Set(keys), intents })
  return intents
}

const REMEMBERED = 64
/** Beside the code, and as hard to write to. */
const KEPT = join(import.meta.dirname, '../../.cache/intents')

function train(examples: readonly TrainingExample[]): Intents {
  const model = keptIntentModel(
    KEPT,
    [...examples].sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0)),
    { folds: 3 },
  )
  const leads = new Map<string, Set<string>>()
  const words = new Map<string, Map<string, number>>()
  const all = new Map<string, number>()
  for (const { text, label } of examples) {
    for (const word of text.toLowerCase().match(/[a-z'-]+/g) ?? []) all.set(word, (all.get(word) ?? 0) + 1)
    if (label === NONE) continue
    const lead = /^[a-z'-]+/i.exec(text)?.[0].toLowerCase()
    if (lead) leads.set(label, (leads.get(label) ?? new Set()).add(lead))
    const counts = words.get(label) ?? new Map<string, number>()
    words.set(label, counts)
    for (const word of new Set(text.toLowerCase().match(/[\p{L}][\p{L}'-]*/gu) ?? []))
      if (!isPlaceWord(word)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const vocabularies = new Map([...words].map(([label, counts]) => [label, new Set(counts.keys())]))
  const remembered = new Map<string, ReadonlyMap<string, number>>()
  return {
    chances(text) {
      const before = remembered.get(text)
      if (before) return before
      const found = new Map(model.classify(text).ranking.map(({ label, confidence }) => [label, confidence]))
      if (remembered.size >= REMEMBERED) remembered.clear()
      remembered.set(text, found)
      return found
    },
    leads: (skill) => leads.get(skill) ?? new Set(),
    vocabulary: (skill) => vocabularies.get(skill) ?? new Set(),
    counts: all,
  }
}
