import type { Interpretation, ParameterQuestion } from '../../core/interpretation.ts'
import type { Json } from '../../core/json.ts'
import type { SpokenSkill } from '../../core/skill.ts'
import type { Draft, Said } from './draft.ts'
import { type Parameter, parametersOf } from './parameters.ts'
import { type ResolveOptions, resolveValue, shorten, type Verdict } from './resolve-value.ts'

export type Checked = Pick<Interpretation, 'input' | 'missing' | 'ambiguous' | 'invalid'> & {
  readonly questions: readonly ParameterQuestion[]
  /** Names that were read though they were not typed as they are. */
  readonly bent: number
}

/** Resolves names against the catalog and checks every value with the skill's own schema. Nothing is guessed: what is unclear is listed. */
export function checkDraft(skill: SpokenSkill, draft: Draft, options: ResolveOptions): Checked {
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
    if (verdict.kind === 'unsaid') continue
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
  const first = Object.entries(input).map(([name, value]) => [name, Array.isArray(value) ? (value[0] ?? null) : value])
  const whole = skill.input.safeParse(Object.fromEntries(first))
  for (const issue of whole.error?.issues ?? []) {
    const parameter = String(issue.path[0] ?? parametersOf(skill)[0]?.name ?? '')
    if (invalid.includes(parameter)) continue
    invalid.push(parameter)
    questions.push({ parameter, says: `${issue.message}.`, options: [] })
  }
}

function judge(parameter: Parameter, said: Said, options: ResolveOptions): Verdict {
  if (said.unclear)
    return { kind: 'ambiguous', value: said.value, says: said.unclear.says, options: said.unclear.options }
  const resolved = resolveValue(parameter, said.value, options)
  if (resolved.kind !== 'good') return resolved
  // Several targets are checked one by one: the schema is of one.
  const targets = parameter.kind === 'service' || parameter.kind === 'environment'
  const values = targets && Array.isArray(resolved.value) ? resolved.value : [resolved.value]
  const issues = values.flatMap((value) => parameter.schema.safeParse(value).error?.issues ?? [])
  if (issues.length === 0) return resolved
  const message = messageFor(issues)
  return {
    kind: 'invalid',
    value: resolved.value,
    says: `${capital(parameter.label)} ${shown(resolved.value)} ${message}.`,
    options: parameter.choices,
  }
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

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
