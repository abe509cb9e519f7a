import { z } from 'zod'
import { canonicalJson, type Json, type JsonObject, sha256 } from '../../../core/json.ts'
import type { ModelTool } from '../../../core/ports/language-model.ts'
import { isChange, type SpokenSkill } from '../../../core/skill.ts'
import type { SpokenSkillSet } from '../../../core/skill-set.ts'
import type { Prompt } from '../../../prompts/load.ts'
import { type Parameter, parametersOf } from '../parameters.ts'

/** The tools that are no skill. */
export const NO_REQUEST = 'no_request'
export const ASK = 'ask'
/** The field of every skill's tool in which a model says what it is not sure of. */
export const UNCLEAR = 'unclear'

const NO_REQUEST_REASONS = [
  'report',
  'question',
  'negation',
  'condition',
  'other time',
  'somebody else',
  'small talk',
  'other',
]
const MOST_EXAMPLES = 2

export interface Toolbox {
  readonly tools: readonly ModelTool[]
  /** Changes with the skills, their parameters and examples. */
  readonly version: string
}

/** One tool for each skill, its schema made from the skill's own, and the two by which a model says that there is nothing to call. */
export function toolboxFor(skills: SpokenSkillSet, prompt: Prompt): Toolbox {
  const tools = [...skills.map((skill) => toolFor(skill, prompt)), noRequest(prompt), ask(skills, prompt)]
  return {
    tools,
    version: sha256(
      canonicalJson(tools.map(({ name, description, parameters }) => ({ name, description, parameters }))),
    ).slice(0, 16),
  }
}

function toolFor(skill: SpokenSkill, prompt: Prompt): ModelTool {
  const parameters = parametersOf(skill)
  const fields = Object.fromEntries(parameters.map((parameter) => [parameter.name, fieldFor(parameter, prompt)]))
  const names = parameters.map(({ name }) => name)
  if (names.length > 0) fields[UNCLEAR] = unclearField(names)
  const examples = skill.examples.slice(0, MOST_EXAMPLES).map((example) => `"${example}"`)
  return {
    name: skill.name,
    description: `${skill.summary}. ${isChange(skill) ? 'Changes something.' : 'Only looks.'} ${examples.join('; ')}`,
    parameters: objectOf(fields),
    // A field of any names is what no endpoint can hold a model to.
    strict: !parameters.some(({ kind }) => kind === 'variables'),
  }
}

const noRequest = (prompt: Prompt): ModelTool => ({
  name: NO_REQUEST,
  description: prompt.part('no_request'),
  parameters: objectOf({
    because: { type: 'string', enum: NO_REQUEST_REASONS, description: prompt.part('no_request because') },
  }),
  strict: true,
})

const ask = (skills: SpokenSkillSet, prompt: Prompt): ModelTool => ({
  name: ASK,
  description: prompt.part('ask'),
  parameters: objectOf({
    skill: orNull({ type: 'string', enum: skills.map(({ name }) => name), description: prompt.part('ask skill') }),
  }),
  strict: true,
})

function fieldFor(parameter: Parameter, prompt: Prompt): JsonObject {
  const { name, label, hint, kind } = parameter
  const wording = kind === 'moment' || kind === 'duration' ? prompt.part(kind) : hint
  const said = label === name ? [] : [label]
  const description = [...said, ...(wording ? [wording] : [])].join(', ')
  // A JSON Schema is JSON.
  const schema = z.toJSONSchema(parameter.schema, { io: 'input', unrepresentable: 'any' }) as JsonObject
  return { ...orNull(plain(schema)), ...(description ? { description } : {}) }
}

const unclearField = (names: readonly string[]): JsonObject => ({
  type: 'array',
  items: { type: 'string', enum: names },
})

const objectOf = (properties: Readonly<Record<string, JsonObject>>): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
})

const KEPT = new Set(['type', 'enum', 'const', 'anyOf', 'items', 'additionalProperties'])

/** What is left of a schema when only the shape counts: bounds and patterns are the skill's own check, and some endpoints take none. */
function plain(schema: JsonObject): JsonObject {
  const kept = Object.entries(schema).filter(([key]) => KEPT.has(key))
  return Object.fromEntries(kept.map(([key, value]) => [key, plainPart(value)]))
}

function plainPart(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item: Json) => plainPart(item) ?? null)
  return value !== null && typeof value === 'object' ? plain(value as JsonObject) : value
}

/** Every parameter may be left out, the required ones too: what is not said is asked by us. Short, since every question bears them all. */
function orNull(schema: JsonObject): JsonObject {
  const { anyOf, type, ...rest } = schema
  if (typeof type === 'string' && !('enum' in rest)) return { type: [type, 'null'], ...rest }
  const branches = Array.isArray(anyOf) ? anyOf : [schema]
  return { anyOf: [...branches, { type: 'null' }] }
}
