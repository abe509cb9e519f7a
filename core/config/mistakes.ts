import type { z } from 'zod'
import { nearestWords } from '../catalog/distance.ts'
import { configJsonSchema } from './schema.ts'

export interface Mistake {
  /** Where in the file. */
  readonly path: readonly PropertyKey[]
  /** The offending key itself is meant, not its value. */
  readonly atKey?: string
  /** What was found and what to write, without the place. */
  readonly says: string
}

/** What zod found wrong, most helpful first: a misspelt key explains the key that is missing for it. */
export function mistakesIn(content: unknown, issues: readonly z.core.$ZodIssue[]): Mistake[] {
  const schema = configJsonSchema()
  const all = issues.flatMap((issue) => mistakesOf(content, issue, [], schema))
  return all.sort((a, b) => Number(b.atKey !== undefined) - Number(a.atKey !== undefined))
}

function mistakesOf(
  content: unknown,
  issue: z.core.$ZodIssue,
  prefix: readonly PropertyKey[],
  schema: JsonSchema,
): Mistake[] {
  const path = [...prefix, ...issue.path]
  const here = schemaAt(schema, path)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path, atKey: key, says: unknownKey(path, key, keysOf(here)) }))
  if (issue.code === 'invalid_key')
    return [{ path, says: `${spell(path)} is not a name that can be used; write ${descriptionOfKeys(schema, path)}` }]
  const found = valueAt(content, path)
  if (issue.code === 'invalid_union' && isRecord(found)) {
    // Of the alternatives, the one that takes a mapping says more than "neither fits".
    const inner = issue.errors.find((branch) =>
      branch.some((each) => each.path.length > 0 || each.code === 'unrecognized_keys'),
    )
    if (inner) return inner.flatMap((each) => mistakesOf(content, each, path, schema))
  }
  const hint = typeof here?.description === 'string' ? here.description : issue.message
  if (found === undefined || found === null) return [{ path, says: `${spell(path)} is missing; write ${hint}` }]
  // Where a reference belongs, what stands there instead may be the secret itself.
  const what = hint.startsWith('a reference') ? 'no such thing' : show(found)
  return [{ path, says: `${spell(path)} is ${what}; write ${hint}` }]
}

function unknownKey(path: readonly PropertyKey[], key: string, known: readonly string[]): string {
  const [nearest] = nearestWords(key, known, 1)
  const instead = nearest ? `write "${nearest}" instead` : `known here are ${known.join(', ')}`
  return `${spell([...path, key])} is not a key that exists; ${instead}`
}

/** `approvals[0].require.count`. */
function spell(path: readonly PropertyKey[]): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else text += text ? `.${String(part)}` : String(part)
  }
  return text || 'the file'
}

/** What was found, short enough for a sentence. A mapping or list is not spelt out: it may hold what is not for a log. */
function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (isRecord(value)) return Object.keys(value).length === 0 ? 'empty' : 'a mapping'
  // An address may bear a password though it must not.
  const text = JSON.stringify(value).replace(/\/\/[^/\s"]*@/, '//…@')
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text
}

type JsonSchema = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  let value = content
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)]
    else value = isRecord(value) ? value[String(part)] : undefined
  }
  return value
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  const options = schema.anyOf
  return Array.isArray(options) ? options.filter(isRecord).flatMap(alternatives) : [schema]
}

function schemaAt(root: JsonSchema, path: readonly PropertyKey[]): JsonSchema | undefined {
  let current: JsonSchema | undefined = root
  for (const part of path) {
    if (!current) return undefined
    let next: JsonSchema | undefined
    for (const option of alternatives(current)) {
      const child = typeof part === 'number' ? option.items : memberOf(option, String(part))
      if (isRecord(child)) next ??= child
    }
    current = next
  }
  return current
}

function memberOf(schema: JsonSchema, key: string): unknown {
  const { properties, additionalProperties } = schema
  return isRecord(properties) && Object.hasOwn(properties, key) ? properties[key] : additionalProperties
}

function keysOf(schema: JsonSchema | undefined): string[] {
  return schema
    ? alternatives(schema).flatMap((option) => (isRecord(option.properties) ? Object.keys(option.properties) : []))
    : []
}

function descriptionOfKeys(root: JsonSchema, path: readonly PropertyKey[]): string {
  const parent = schemaAt(root, path.slice(0, -1))
  const names = parent && isRecord(parent.propertyNames) ? parent.propertyNames.description : undefined
  return typeof names === 'string' ? names : 'another name'
}
