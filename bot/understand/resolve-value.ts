import type { Catalog } from '../../core/catalog/catalog.ts'
import { parseOperationId, parseRequestId } from '../../core/ids.ts'
import type { Json } from '../../core/json.ts'
import type { Person } from '../../core/person.ts'
import { type EntityKind, exactly, resolveEntity, teamOf, teamsOf } from './entities.ts'
import type { Parameter } from './parameters.ts'
import { choiceAt } from './values/choices.ts'
import { whole } from './values/found.ts'
import { bareIncidentOf, incidentAt } from './values/incidents.ts'

export interface ResolveOptions {
  readonly catalog: Catalog
  readonly peopleNamed: (text: string) => readonly Person[]
  /** Read a slip in a long name as that name. Never for the command form, which may run without a click. */
  readonly bend: boolean
}

const MOST_NAMED = 8

export type Verdict =
  | { readonly kind: 'good'; readonly value: Json; readonly bent?: boolean }
  /** Said, and the same as not said: a bill for "everything". */
  | { readonly kind: 'unsaid' }
  | {
      readonly kind: 'ambiguous' | 'invalid'
      readonly value: Json
      readonly says: string
      readonly options: readonly string[]
    }

const good = (value: Json, bent = false): Verdict => ({ kind: 'good', value, bent })

/** What a said value stands for: names as the catalog has them, ids as we write them. The schema is asked afterwards. */
export function resolveValue(parameter: Parameter, value: Json, options: ResolveOptions): Verdict {
  switch (parameter.kind) {
    case 'service':
    case 'environment':
      return Array.isArray(value)
        ? resolveSeveral(parameter.kind, value, options)
        : resolveName(parameter.kind, String(value), options)
    case 'scope':
      return resolveScope(parameter, String(value), options)
    case 'version':
      return resolveVersion(value, options)
    case 'incident': {
      const id = incidentOf(String(value)) ?? bareIncidentOf(String(value).trim())
      return id ? good(id) : noId(value, 'incident id. They look like INC-142; say "incidents" to see them.')
    }
    case 'operation':
    case 'record': {
      const other = () => parseRequestId(String(value)) ?? incidentOf(String(value))
      const id = parseOperationId(String(value)) ?? (parameter.kind === 'record' ? other() : undefined)
      return id ? good(id) : noId(value, 'operation id. They look like op-7f3k9m2q; say "operations" to see them.')
    }
    case 'choice':
      return good(
        typeof value === 'string' ? (whole(value, (words, at) => choiceAt(parameter, words, at)) ?? value) : value,
      )
    case 'person':
      return resolvePerson(String(value), options)
    default:
      return good(value)
  }
}

const incidentOf = (text: string): string | undefined => whole(text, incidentAt)

const noId = (value: Json, rest: string): Verdict => ({
  kind: 'invalid',
  value,
  says: `"${shorten(String(value))}" is no ${rest}`,
  options: [],
})

function resolveName(kind: EntityKind, said: string, options: ResolveOptions): Verdict {
  const resolved = resolveEntity(options.catalog, kind, said, options.bend)
  if ('name' in resolved) return good(resolved.name, resolved.bent)
  if ('unclear' in resolved)
    return {
      kind: 'ambiguous',
      value: said,
      says: `There is no ${kind} "${shorten(said)}". Did you mean ${orList(resolved.unclear)}?`,
      options: resolved.unclear,
    }
  const { environments, services } = options.catalog
  const all = (kind === 'environment' ? environments : services).map(({ name }) => name)
  const near = kind === 'service' ? resolved.unknown : []
  return unknownName(kind, said, near, all)
}

function unknownName(what: string, said: string, near: readonly string[], all: readonly string[]): Verdict {
  const known = near.length ? near : all
  const more = known.length > MOST_NAMED ? ` and ${known.length - MOST_NAMED} more` : ''
  const offer = known.length
    ? ` ${near.length === 1 ? 'The nearest is' : near.length ? 'The nearest are' : 'There are'} ${known.slice(0, MOST_NAMED).join(', ')}${more}.`
    : ''
  return { kind: 'invalid', value: said, says: `There is no ${what} "${shorten(said)}".${offer}`, options: known }
}

// Several targets in the order they were said, each once.
function resolveSeveral(kind: EntityKind, said: readonly Json[], options: ResolveOptions): Verdict {
  const verdicts = said.map((one) => resolveName(kind, String(one), options))
  const values = verdicts.flatMap((verdict) => (verdict.kind === 'unsaid' ? [] : [String(verdict.value)]))
  const names = [...new Set(values)]
  const wrong = verdicts.find((verdict) => 'says' in verdict)
  if (wrong) return { ...wrong, value: names }
  const bent = verdicts.some((verdict) => verdict.kind === 'good' && verdict.bent === true)
  return good(names.length === 1 && names[0] !== undefined ? names[0] : names, bent)
}

const EVERYTHING = /^(?:all|everything|overall|total|everywhere)$/i

function resolveScope(parameter: Parameter, said: string, options: ResolveOptions): Verdict {
  const { catalog } = options
  if (EVERYTHING.test(said.trim())) return parameter.optional ? { kind: 'unsaid' } : good('all')
  const [service] = exactly(catalog, 'service', said)
  const [environment] = exactly(catalog, 'environment', said)
  const team = teamOf(catalog, said.replace(/^the\s+/i, '').replace(/\s+team$/i, ''))
  const name = /\bteam$/i.test(said) ? (team ?? service ?? environment) : (service ?? environment ?? team)
  if (name !== undefined) return good(name)
  for (const kind of ['service', 'environment'] as const) {
    const verdict = resolveName(kind, said, options)
    if (verdict.kind !== 'invalid') return verdict
  }
  const all = [...catalog.environments.map((one) => one.name), ...teamsOf(catalog)]
  return unknownName('service, environment or team', said, [], all)
}

// `@stage` is what runs in staging, by whatever name it was said.
function resolveVersion(value: Json, options: ResolveOptions): Verdict {
  if (typeof value !== 'string' || !value.startsWith('@')) return good(value)
  const verdict = resolveName('environment', value.slice(1), options)
  return verdict.kind === 'good' ? good(`@${verdict.value}`, verdict.bent) : verdict
}

function resolvePerson(said: string, options: ResolveOptions): Verdict {
  const people = options.peopleNamed(said)
  const [one] = people
  if (one && people.length === 1) return good(one.id)
  if (one)
    return {
      kind: 'ambiguous',
      value: said,
      says: `Several people are called "${shorten(said)}". Whom do you mean?`,
      options: people.map(({ id }) => id),
    }
  return { kind: 'invalid', value: said, says: `There is nobody called "${shorten(said)}" here.`, options: [] }
}

export const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text)
const orList = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
