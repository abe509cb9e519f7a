import { isRecord } from '../immutable.ts'
import type { ScalarType, Schema } from './schema.ts'

export interface Decoded {
  value: unknown
  /** Paths of fields the type does not have, such as `spec.replicsa`; they are dropped from the value. */
  unknown: string[]
}

/** A value of the wrong type, in the words of the server's JSON decoder. */
export class DecodeError extends Error {}

/** Reads JSON by a schema: drops unknown fields, nulls and empty lists and maps, turns bare numbers into quantities. @throws DecodeError */
export function decode(schema: Schema, value: unknown): Decoded {
  const unknown: string[] = []
  return { value: read(schema, value, '', unknown), unknown }
}

function read(schema: Schema, value: unknown, path: string, unknown: string[]): unknown {
  if (value === null || value === undefined) return undefined
  if (schema.kind === 'any') return value
  if (schema.kind === 'scalar') return readScalar(schema.type, value, path)
  if (schema.kind === 'list') {
    if (!Array.isArray(value)) throw mismatch(value, path, 'list')
    return value.map((item, index) => read(schema.of, item, `${path}[${index}]`, unknown) ?? null)
  }
  if (!isRecord(value)) throw mismatch(value, path, 'object')
  const entries = Object.entries(value).flatMap(([key, child]): [string, unknown][] => {
    const childPath = path === '' ? key : `${path}.${key}`
    const childSchema = schema.kind === 'map' ? schema.of : schema.fields.get(key)
    if (!childSchema) {
      unknown.push(childPath)
      return []
    }
    const decoded = read(childSchema, child, childPath, unknown)
    return decoded === undefined || isOmitted(childSchema, decoded) ? [] : [[key, decoded]]
  })
  return Object.fromEntries(entries)
}

/** The server's types leave out empty lists and maps when they are written; empty structs stay. */
function isOmitted(schema: Schema, value: unknown): boolean {
  if (schema.kind === 'list') return Array.isArray(value) && value.length === 0
  return schema.kind === 'map' && isRecord(value) && Object.keys(value).length === 0
}

const CHECKS: Record<ScalarType, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  bytes: (value) => typeof value === 'string' && /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value),
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  int32: (value) => Number.isInteger(value) && Math.abs(Number(value)) <= 2 ** 31,
  int64: (value) => Number.isInteger(value),
  time: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  'int-or-string': (value) => typeof value === 'string' || Number.isInteger(value),
  quantity: (value) => typeof value === 'string' || typeof value === 'number',
}

function readScalar(type: ScalarType, value: unknown, path: string): unknown {
  if (!CHECKS[type](value)) throw mismatch(value, path, type)
  return type === 'quantity' ? String(value) : value
}

function mismatch(value: unknown, path: string, wanted: string): DecodeError {
  if (wanted === 'time')
    return new DecodeError(`parsing time ${JSON.stringify(value)} at ${path}: not an RFC 3339 time`)
  if (wanted === 'bytes') return new DecodeError(`illegal base64 data at ${path}`)
  const had = Array.isArray(value) ? 'array' : typeof value === 'number' ? `number ${value}` : typeof value
  const type = wanted === 'boolean' ? 'bool' : wanted
  return new DecodeError(
    `json: cannot unmarshal ${had === 'boolean' ? 'bool' : had} into Go struct field ${path} of type ${type}`,
  )
}
