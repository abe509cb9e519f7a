import { z } from 'zod'
import type { JsonObject } from './json.ts'
import { parameterMeta } from './parameters.ts'
import { redact } from './secrets.ts'

/**
 * What was said for a skill, without secrets in its free words (a reason, a message): these are stored, hashed and shown as they stand here.
 * Names, versions and numbers are looked up, and stay as they are.
 */
export function withoutSecretWords({ shape }: z.ZodObject, input: JsonObject): JsonObject {
  const isFree = (name: string) => {
    const field: unknown = shape[name]
    return field instanceof z.ZodType && parameterMeta(field).kind === 'text'
  }
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      typeof value === 'string' && isFree(name) ? redact(value) : value,
    ]),
  )
}
