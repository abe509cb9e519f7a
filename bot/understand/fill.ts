import type { SpokenSkill } from '../../core/skill.ts'
import { type Asked, isDenied } from './asked.ts'
import type { Item } from './clauses.ts'
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
const PLACES: ReadonlySet<string> = new Set(['service', 'environment', 'team', 'operation', 'incident'])

// `cart in qa is broken, go back to 1.4`: who orders right behind a report speaks of the place just named.
const followsReport = ({ clause, others, behind }: Asked): boolean =>
  clause.act === 'request' &&
  !clause.end.includes('?') &&
  behind.every(({ act }) => act === 'talk') &&
  others.every(({ act, end, text }) => act === 'report' && !end.includes(':') && ABOUT_NOW.test(text))

const ABOUT_NOW =
  /^(?:the |our |last |latest |new |release |version |deploy |of |<(?:previous|version)> (?:of )?)*<(?:service|environment)> (?!.*(?:yesterday|ago|earlier|last \w+|used to)(?: |$)).*(?:^| )(?:is|are|was a|was the|isn't|aren't|looks?|keeps?|needs?|hangs?|leaks?|crashes|crashed|fails?|broke|throws?|dies|got|has|can't|won't|doesn't)(?: |$)/

// `dev can go autonomous, set it`, `nobody changes it until noon, put a freeze on it`: left unsaid it would mean everywhere, or for ever. A
// length of time alone may be how long something has lasted.
const mayBeside = (kind: Parameter['kind'], name: string, beside: readonly Item[]): boolean =>
  kind === 'environment' ||
  (kind === 'duration' && name === 'for' && beside.some(({ slot }) => slot?.kind === 'moment'))

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
  const open = parametersOf(skill).filter(({ name }) => !draft[name])
  if (open.length === 0 || asked.others.length === 0) return { draft, filled: 0 }
  const said = asked.items.flatMap(({ slot }) => (slot ? [slot.kind] : []))
  const placed = said.some((kind) => PLACES.has(kind))
  const pointing =
    asked.clause.main.some((item) => POINTING.test(item.text)) || said.length === 0 || (!placed && followsReport(asked))
  const telling = asked.others.filter((other) => other.act !== 'negated' && other.act !== 'quoted' && !isDenied(other))
  const beside = telling.flatMap(({ items }) => items)
  const wanted = open.filter(({ kind, name, optional }) =>
    optional
      ? pointing && said.length === 0 && mayBeside(kind, name, beside)
      : UNMISTAKABLE.has(kind) || (pointing && kind !== 'text' && kind !== 'person'),
  )
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
