import type { Json, JsonObject } from '../../../core/json.ts'
import type { ParameterKind } from '../../../core/parameters.ts'
import { isChange, type SpokenSkill } from '../../../core/skill.ts'
import type { Draft, Said } from '../draft.ts'
import { exactly } from '../entities.ts'
import { readField } from '../fragment.ts'
import { type Parameter, parametersOf } from '../parameters.ts'
import type { Known } from '../slots.ts'
import { durationUntil, momentOf } from '../values/moments.ts'
import { sinceAt } from '../values/since.ts'
import { type Ground, groundOf } from './grounds.ts'
import { UNCLEAR } from './tools.ts'

const LONGEST_VALUE = 500
/** What a look must not get wrong either; how long back or how severe harms nobody. */
const NAMING: ReadonlySet<ParameterKind> = new Set([
  'service',
  'environment',
  'operation',
  'incident',
  'record',
  'person',
  'scope',
])

/** The arguments of one call as a draft, each value where it comes from: what nobody said is dropped or asked, never used. */
export function draftFromCall(skill: SpokenSkill, said: JsonObject, ground: Ground, known: Known): Draft {
  const unclear = said[UNCLEAR]
  const isUnclear = (name: string) => Array.isArray(unclear) && unclear.includes(name)
  const draft: Record<string, Said> = {}
  for (const parameter of parametersOf(skill)) {
    const raw = said[parameter.name]
    const value = raw === undefined || raw === null || raw === '' ? undefined : readValue(skill, parameter, raw, known)
    const read = isUnclear(parameter.name)
      ? askOf(parameter, value)
      : value === undefined
        ? undefined
        : isChange(skill) || NAMING.has(parameter.kind)
          ? held(parameter, value, raw ?? null, ground)
          : { value }
    if (read) draft[parameter.name] = read
  }
  return draft
}

/** What is asked when something was said, but not clearly enough. */
const askOf = (parameter: Parameter, value: Json | undefined): Said => ({
  value: value ?? '',
  unclear: { says: `It is not clear which ${parameter.label} you mean.`, options: parameter.choices },
})

function held(parameter: Parameter, value: Json, raw: Json, ground: Ground): Said | undefined {
  const found = groundOf(parameter, value, ground)
  // A moment is grounded by the words that said it, not by the date they came to.
  const kind = found.kind === 'said' || groundOf(parameter, raw, ground).kind === 'said' ? 'said' : found.kind
  if (kind === 'said') return { value }
  if (found.kind === 'or')
    return { value, unclear: { says: `I am not sure which ${parameter.label} you mean.`, options: found.names } }
  if (kind === 'outside')
    return {
      value,
      unclear: {
        says: `The ${parameter.label} "${shorten(String(value))}" stands only in what you quoted. Is it the one?`,
        options: [String(value)],
      },
    }
  // Required, it is missing now and asked for; an extra text that nobody said changes nothing by its absence.
  if (!parameter.optional || parameter.kind === 'text') return undefined
  return {
    value: '',
    unclear: {
      says: `Did you say a ${parameter.label}? I could not find one in your words; leave it empty if not.`,
      options: parameter.choices,
    },
  }
}

/** A model's value in the form in which the check wants it; what cannot be brought into it stays, for the check to say what is wrong. */
function readValue(skill: SpokenSkill, parameter: Parameter, raw: Json, known: Known): Json {
  if (typeof raw === 'object') return parameter.kind === 'variables' ? raw : JSON.stringify(raw).slice(0, LONGEST_VALUE)
  const text = String(raw).slice(0, LONGEST_VALUE).trim()
  if (parameter.kind === 'service' || parameter.kind === 'environment') {
    const [name, ...more] = exactly(known.catalog, parameter.kind, text)
    return name !== undefined && more.length === 0 ? name : text
  }
  // A count that was written as a text is a count; `"-2"` is two fewer.
  if (parameter.kind === 'replicas' && /^\d+$/.test(text)) return Number(text)
  if (parameter.schema.safeParse(raw).success) return typeof raw === 'string' ? text : raw
  const read = readField(text, skill, parameter.name, known)[parameter.name]?.value ?? text
  if (parameter.kind !== 'duration' || parameter.schema.safeParse(read).success) return read
  return lengthOf(text, known) ?? read
}

/** `until 6pm` and `since noon` as a length of time from now. */
function lengthOf(text: string, { clock }: Known): string | undefined {
  const words = text.toLowerCase().split(/\s+/)
  const back = sinceAt(words, 0, clock)
  if (back?.length === words.length) return back.value
  const moment = momentOf(text.replace(/^(?:until|till|to)\s+/i, ''), clock)
  return moment && durationUntil(moment, clock)
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text)
