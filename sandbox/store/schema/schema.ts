import { readFileSync } from 'node:fs'
import { isCustomResource } from '../resources.ts'
import type { ResourceType } from '../types.ts'
import { ATOMIC_MAPS, ATOMIC_TYPES, LIST_RULES, QUANTITY_FIELDS, RETAIN_KEYS } from './merge-rules.ts'

export type ScalarType =
  | 'string'
  | 'boolean'
  | 'number'
  | 'int32'
  | 'int64'
  | 'time'
  | 'bytes'
  | 'int-or-string'
  | 'quantity'

export interface StructSchema {
  kind: 'struct'
  name: string
  fields: Map<string, Schema>
  required: string[]
  atomic: boolean
  retainKeys: boolean
}

export interface ListSchema {
  kind: 'list'
  of: Schema
  type: 'atomic' | 'map' | 'set'
  /** The fields that tell items apart; empty unless `map`. */
  keys: string[]
  /** The field a strategic merge patch tells items apart by. */
  patchKey?: string
  retainKeys: boolean
}

interface MapSchema {
  kind: 'map'
  of: Schema
  atomic: boolean
}

/** What is known of a value; `any` is open: its maps merge by key, its lists are atomic. */
export type Schema = { kind: 'scalar'; type: ScalarType } | { kind: 'any' } | StructSchema | ListSchema | MapSchema

interface Generated {
  fields: Record<string, string>
  required: string[]
}

// Our own generated file (see generate.ts); its shape is the generator's.
const TYPES = JSON.parse(readFileSync(new URL('types.json', import.meta.url), 'utf8')) as Record<string, Generated>
const built = new Map<string, StructSchema>()
const ANY: Schema = { kind: 'any' }

/** The schema of one named type, such as `V1PodSpec`. Types may contain themselves, so fields are filled in afterwards. */
export function structSchema(name: string): StructSchema {
  const known = built.get(name)
  if (known) return known
  const generated = TYPES[name]
  if (!generated) throw new Error(`types.json has no type ${name}; add its root to generate.ts and run that.`)
  const schema: StructSchema = {
    kind: 'struct',
    name,
    fields: new Map(),
    required: generated.required,
    atomic: ATOMIC_TYPES.has(name),
    retainKeys: false,
  }
  built.set(name, schema)
  for (const [field, text] of Object.entries(generated.fields)) {
    schema.fields.set(field, fieldSchema(text, `${name}.${field}`))
  }
  return schema
}

function fieldSchema(text: string, path: string): Schema {
  if (text === 'any') return ANY
  if (text.startsWith('[]')) {
    const rule = LIST_RULES[path]
    const patchKey = rule?.patchKey === null ? undefined : (rule?.patchKey ?? rule?.keys?.[0])
    return {
      kind: 'list',
      of: fieldSchema(text.slice(2), ''),
      type: rule?.type ?? 'atomic',
      keys: rule?.keys ?? [],
      ...(patchKey ? { patchKey } : {}),
      retainKeys: rule?.retainKeys ?? false,
    }
  }
  if (text.startsWith('{}')) {
    const of = QUANTITY_FIELDS.test(path)
      ? ({ kind: 'scalar', type: 'quantity' } as const)
      : fieldSchema(text.slice(2), '')
    return { kind: 'map', of, atomic: ATOMIC_MAPS.has(path) }
  }
  if (/^[A-Z]/.test(text)) {
    const schema = structSchema(text)
    return RETAIN_KEYS.has(path) ? { ...schema, fields: schema.fields, retainKeys: true } : schema
  }
  const type = QUANTITY_FIELDS.test(path) ? 'quantity' : text
  return { kind: 'scalar', type: type as ScalarType } // the generator writes nothing else
}

const MODEL_OF_KIND: Record<string, string> = {
  Event: 'CoreV1Event',
  HorizontalPodAutoscaler: 'V2HorizontalPodAutoscaler',
}

/** The schema of a stored resource; a custom resource has typed metadata and is open below. */
export function schemaOf(type: Pick<ResourceType, 'group' | 'version' | 'plural' | 'kind'>): StructSchema {
  const name = MODEL_OF_KIND[type.kind] ?? `V1${type.kind}`
  if (!isCustomResource(type)) return structSchema(name)
  const known = built.get(`custom:${type.kind}`)
  if (known) return known
  const schema: StructSchema = {
    kind: 'struct',
    name: type.kind,
    fields: new Map<string, Schema>([
      ['apiVersion', { kind: 'scalar', type: 'string' }],
      ['kind', { kind: 'scalar', type: 'string' }],
      ['metadata', structSchema('V1ObjectMeta')],
      ['spec', ANY],
      ['status', ANY],
      ['operation', ANY],
    ]),
    required: [],
    atomic: false,
    retainKeys: false,
  }
  built.set(`custom:${type.kind}`, schema)
  return schema
}

/** The schema of what is under `key`; unknown keys are open. */
export function childSchema(schema: Schema, key: string): Schema {
  if (schema.kind === 'struct') return schema.fields.get(key) ?? ANY
  if (schema.kind === 'map') return schema.of
  return ANY
}

/** Whether a value of this schema is owned and replaced as a whole. */
export function isAtomic(schema: Schema, value: unknown): boolean {
  if (schema.kind === 'scalar') return true
  if (schema.kind === 'any') return typeof value !== 'object' || value === null || Array.isArray(value)
  if (schema.kind === 'list') return schema.type === 'atomic' || !Array.isArray(value)
  return schema.atomic || typeof value !== 'object' || value === null || Array.isArray(value)
}
