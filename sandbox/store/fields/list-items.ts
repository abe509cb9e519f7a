import { isRecord } from '../immutable.ts'
import type { ListSchema } from '../schema/schema.ts'

/** The server's defaults for fields that tell list items apart. */
const KEY_DEFAULTS: Record<string, unknown> = { protocol: 'TCP' }

/** The path element that names one item of an associative list: `k:{"name":"app"}`, or `v:"x"` in a set. */
export function itemElement(schema: ListSchema, item: unknown): string {
  if (schema.type === 'set') return `v:${JSON.stringify(item)}`
  const keys = [...schema.keys].sort().flatMap((key): [string, unknown][] => {
    const value = (isRecord(item) ? item[key] : undefined) ?? KEY_DEFAULTS[key]
    return value === undefined ? [] : [[key, value]]
  })
  return `k:${JSON.stringify(Object.fromEntries(keys))}`
}

/** The items of an associative list by path element, in order. Of duplicates the last one counts. */
export function itemsByElement(schema: ListSchema, list: unknown): Map<string, unknown> {
  return new Map(Array.isArray(list) ? list.map((item) => [itemElement(schema, item), item]) : [])
}
