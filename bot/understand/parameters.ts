import type { z } from 'zod'
import { type ParameterMeta, parameterMeta } from '../../core/parameters.ts'
import type { SpokenSkill } from '../../core/skill.ts'

/** One parameter of a skill, as readers, forms and usage lines need it. */
export interface Parameter extends ParameterMeta {
  readonly name: string
  readonly optional: boolean
  /** The words a `choice` knows; empty for other kinds. */
  readonly choices: readonly string[]
  readonly schema: z.ZodType
}

const known = new WeakMap<SpokenSkill, readonly Parameter[]>()

/** A skill's parameters in the order of its schema, which is the order of its command form. */
export function parametersOf(skill: SpokenSkill): readonly Parameter[] {
  const before = known.get(skill)
  if (before) return before
  const parameters = Object.entries(skill.input.shape).map(([name, field]): Parameter => {
    const schema = field as z.ZodType // zod types a shape's values as its inner $ZodType
    return {
      ...parameterMeta(schema),
      name,
      optional: schema.safeParse(undefined).success,
      choices: choicesOf(schema),
      schema,
    }
  })
  known.set(skill, parameters)
  return parameters
}

/** The parameter of that name; names come from this module's own results, so a miss is a bug. */
export function parameterOf(skill: SpokenSkill, name: string): Parameter {
  const parameter = parametersOf(skill).find((one) => one.name === name)
  if (!parameter) throw new Error(`the skill ${skill.name} has no parameter "${name}"`)
  return parameter
}

function choicesOf(schema: z.ZodType): readonly string[] {
  let current: z.ZodType | undefined = schema
  while (current) {
    if ('options' in current && Array.isArray(current.options))
      return current.options.filter((option): option is string => typeof option === 'string')
    current = 'unwrap' in current && typeof current.unwrap === 'function' ? (current.unwrap() as z.ZodType) : undefined // zod wrappers unwrap to a schema
  }
  return []
}
