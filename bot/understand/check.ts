import type { Catalog } from '../../core/catalog/catalog.ts'
import { parseOperationId } from '../../core/ids.ts'
import type { Interpretation, ParameterQuestion } from '../../core/interpretation.ts'
import type { Json } from '../../core/json.ts'
import type { Person } from '../../core/person.ts'
import type { SpokenSkill } from '../../core/skill.ts'
import type { Draft, Said } from './draft.ts'
import { type EntityKind, resolveEntity } from './entities.ts'
import { type Parameter, parametersOf } from './parameters.ts'

export interface CheckOptions {
  readonly catalog: Catalog
  readonly peopleNamed: (text: string) => readonly Person[]
  /** Read a slip of one letter in a long name as that name. Never for the command form, which may run without a click. */
  readonly bend: boolean
}

export type Checked = Pick<Interpretation, 'input' | 'missing' | 'ambiguous' | 'invalid'> & {
  readonly questions: readonly ParameterQuestion[]
  /** Names that were read though they were not typed as they are. */
  readonly bent: number
}

const MOST_OFFERED = 8

type Verdict =
  | { readonly kind: 'good'; readonly value: Json; readonly bent?: boolean }
  | {
      readonly kind: 'ambiguous' | 'invalid'
      readonly value: Json
      readonly says: string
      readonly options: readonly string[]
    }

/** Resolves names against the catalog and checks every value with the skill's own schema. Nothing is guessed: what is unclear is listed. */
export function checkDraft(skill: SpokenSkill, draft: Draft, options: CheckOptions): Checked {
  const input: Record<string, Json> = {}
  const missing: string[] = []
  const found = { ambiguous: [] as string[], invalid: [] as string[] }
  const questions: ParameterQuestion[] = []
  let bent = 0
  for (const parameter of parametersOf(skill)) {
    const said = draft[parameter.name]
    if (said === undefined) {
      if (!parameter.optional) missing.push(parameter.name)
      continue
    }
    const verdict = judge(parameter, said, options)
    input[parameter.name] = verdict.value
    if (verdict.kind === 'good') {
      if (verdict.bent) bent++
      continue
    }
    found[verdict.kind].push(parameter.name)
    questions.push({
      parameter: parameter.name,
      says: verdict.says,
      options: verdict.options.map((value) => ({ value, label: value })),
    })
  }
  if (missing.length + questions.length === 0) addWholeIssues(skill, input, found.invalid, questions)
  return { input, missing, ...found, questions, bent }
}

// Rules between parameters (refinements of the whole object) can only be asked once every part is right by itself.
function addWholeIssues(
  skill: SpokenSkill,
  input: Record<string, Json>,
  invalid: string[],
  questions: ParameterQuestion[],
): void {
  const whole = skill.input.safeParse(input)
  for (const issue of whole.error?.issues ?? []) {
    const parameter = String(issue.path[0] ?? parametersOf(skill)[0]?.name ?? '')
    if (invalid.includes(parameter)) continue
    invalid.push(parameter)
    questions.push({ parameter, says: `${issue.message}.`, options: [] })
  }
}

function judge(parameter: Parameter, said: Said, options: CheckOptions): Verdict {
  if (said.unclear)
    return { kind: 'ambiguous', value: said.value, says: said.unclear.says, options: said.unclear.options }
  const resolved = resolveValue(parameter, said.value, options)
  if (resolved.kind !== 'good') return resolved
  const parsed = parameter.schema.safeParse(resolved.value)
  if (parsed.success) return resolved
  const message = messageFor(parsed.error.issues)
  return {
    kind: 'invalid',
    value: resolved.value,
    says: `${capital(parameter.label)} ${shown(resolved.value)} ${message}.`,
    options: parameter.choices,
  }
}

function resolveValue(parameter: Parameter, value: Json, options: CheckOptions): Verdict {
  switch (parameter.kind) {
    case 'service':
    case 'environment':
      return Array.isArray(value)
        ? resolveSeveral(parameter.kind, value, options)
        : resolveName(parameter.kind, String(value), options)
    case 'operation':
    case 'record': {
      const id = parseOperationId(String(value))
      if (id) return { kind: 'good', value: id }
      return {
        kind: 'invalid',
        value,
        says: `"${shorten(String(value))}" is no operation id. They look like op-7f3k9m2q; say "operations" to see them.`,
        options: [],
      }
    }
    case 'person':
      return resolvePerson(String(value), options)
    default:
      return { kind: 'good', value }
  }
}

function resolveName(kind: EntityKind, said: string, options: CheckOptions): Verdict {
  const resolved = resolveEntity(options.catalog, kind, said, options.bend)
  if ('name' in resolved) return { kind: 'good', value: resolved.name, bent: resolved.bent }
  if ('unclear' in resolved)
    return {
      kind: 'ambiguous',
      value: said,
      says: `There is no ${kind} "${shorten(said)}". Did you mean ${orList(resolved.unclear)}?`,
      options: resolved.unclear,
    }
  const { environments, services } = options.catalog
  const all = (kind === 'environment' ? environments : services).map(({ name }) => name).slice(0, MOST_OFFERED)
  const near = kind === 'service' ? resolved.unknown : []
  const known = near.length ? near : all
  const offer = known.length
    ? ` ${near.length === 1 ? 'The nearest is' : near.length ? 'The nearest are' : 'There are'} ${known.join(', ')}.`
    : ''
  return { kind: 'invalid', value: said, says: `There is no ${kind} "${shorten(said)}".${offer}`, options: known }
}

function resolveSeveral(kind: EntityKind, said: readonly Json[], options: CheckOptions): Verdict {
  const verdicts = said.map((one) => resolveName(kind, String(one), options))
  const wrong = verdicts.find((verdict) => verdict.kind !== 'good')
  const names = [...new Set(verdicts.map((verdict) => String(verdict.value)))]
  if (wrong) return { ...wrong, value: names }
  if (names.length === 1 && names[0] !== undefined) return { kind: 'good', value: names[0] }
  return {
    kind: 'ambiguous',
    value: names,
    says: `One ${kind} at a time: each gets its own plan. Which one first?`,
    options: names,
  }
}

function resolvePerson(said: string, options: CheckOptions): Verdict {
  const people = options.peopleNamed(said)
  const [one] = people
  if (one && people.length === 1) return { kind: 'good', value: one.id }
  if (one)
    return {
      kind: 'ambiguous',
      value: said,
      says: `Several people are called "${shorten(said)}". Whom do you mean?`,
      options: people.map(({ id }) => id),
    }
  return { kind: 'invalid', value: said, says: `There is nobody called "${shorten(said)}" here.`, options: [] }
}

// A union reports each branch's complaint inside one issue; the one for the value's own type is the one to show.
function messageFor(
  issues: readonly { readonly message: string; readonly code?: string; readonly errors?: unknown }[],
): string {
  const [issue] = issues
  if (issue?.code === 'invalid_union' && Array.isArray(issue.errors)) {
    const branches = issue.errors as readonly (readonly { code: string; message: string }[])[] // zod 4: one list of issues per branch
    const about = branches.find((branch) => branch[0] && branch[0].code !== 'invalid_type') ?? branches[0]
    return about?.[0]?.message ?? 'cannot be used'
  }
  if (issue?.code === 'invalid_value') return 'is none of those that may be chosen'
  return issue?.message ?? 'cannot be used'
}

function shown(value: Json): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : `"${shorten(String(value))}"`
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text)
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const orList = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
