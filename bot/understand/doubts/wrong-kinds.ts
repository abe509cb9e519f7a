import { textOf } from '../clauses.ts'
import { parametersOf } from '../parameters.ts'
import { type Doubt, type Doubting, shown } from './doubting.ts'

const TURNED_ROUND = /^\S+ (?:the )?<environment>(?: \S+){0,2} (?:to|into|onto) (?:the )?<service>/

// `deploy prod 1.4.2 to cart`: a place cannot go into a thing.
export function turnedRound({ skill, items, draft }: Doubting): readonly Doubt[] {
  if (!TURNED_ROUND.test(textOf(items))) return []
  return parametersOf(skill).flatMap(({ name, kind, label }): Doubt[] =>
    draft[name] && (kind === 'service' || kind === 'environment') ? [[name, `Which ${label}?`, []]] : [],
  )
}

// `promote cart between qa and prod`: two places without a way from one to the other.
export function noDirection({ skill, items, draft }: Doubting): readonly Doubt[] {
  if (!/(?:^| )between (?:the )?<environment> and (?:the )?<environment>/.test(textOf(items))) return []
  const places = parametersOf(skill).filter(({ name, kind }) => kind === 'environment' && draft[name])
  if (places.length < 2) return []
  const options = places.map(({ name }) => shown(draft[name]?.value))
  return places.map(({ name }): Doubt => [name, `From ${options.join(' or ')}?`, options])
}
