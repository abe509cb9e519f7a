import type { SpokenSkill } from '../../core/skill.ts'
import type { Asked } from './asked.ts'
import type { Draft } from './draft.ts'
import { extract, type Sentence } from './extract.ts'
import { type Parameter, parametersOf } from './parameters.ts'
import type { Known } from './slots.ts'

// Values that are of nobody else than the request, wherever in the text they stand.
const UNMISTAKABLE: ReadonlySet<Parameter['kind']> = new Set([
  'incident',
  'operation',
  'record',
  'moment',
  'money',
  'account',
  'choice',
  'schedule',
  'variables',
])
const POINTING = /^(?:it|its|that|this|them|their|there|those|these|again)$/

/**
 * What a request leaves unsaid because it was said right beside it: `INC-7 is fixed, resolve it`, `cart in qa hangs, restart please`. Names
 * of places are taken only by a request that points back or names nothing itself; what may stay unsaid is never taken.
 */
export function fillFromBeside(
  skill: SpokenSkill,
  asked: Asked,
  draft: Draft,
  sentence: Sentence,
  known: Known,
  vocabulary: ReadonlySet<string>,
): { readonly draft: Draft; readonly filled: number } {
  const open = parametersOf(skill).filter(({ name, optional }) => !optional && !draft[name])
  if (open.length === 0 || asked.others.length === 0) return { draft, filled: 0 }
  const pointing = asked.clause.main.some((item) => POINTING.test(item.text)) || !asked.items.some((item) => item.slot)
  const wanted = open.filter(({ kind }) => UNMISTAKABLE.has(kind) || (pointing && kind !== 'text' && kind !== 'person'))
  const beside = asked.others.filter(({ act }) => act !== 'negated' && act !== 'quoted').flatMap(({ items }) => items)
  const only = new Set(wanted.map(({ name }) => name))
  if (only.size === 0 || beside.length === 0) return { draft, filled: 0 }
  const { draft: found } = extract(skill, { ...sentence, items: beside, only }, known, vocabulary)
  const values = Object.entries(found).filter(
    ([name, said]) =>
      only.has(name) && !said.unclear && !Array.isArray(said.value) && isKnown(name, skill, said.value, known),
  )
  return { draft: { ...draft, ...Object.fromEntries(values) }, filled: values.length }
}

// Only names of the catalog: a word of somebody's report is no name.
function isKnown(name: string, skill: SpokenSkill, value: unknown, known: Known): boolean {
  const kind = parametersOf(skill).find((parameter) => parameter.name === name)?.kind
  if (kind === 'service') return known.catalog.service(String(value)) !== undefined
  if (kind === 'environment') return known.catalog.environment(String(value)) !== undefined
  return true
}
