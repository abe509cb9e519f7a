import { isRecord } from '../immutable.ts'
import { childSchema, isAtomic, type Schema } from '../schema/schema.ts'
import { EMPTY, type FieldSet, fieldSet, LEAF, union } from './field-set.ts'
import { itemsByElement } from './list-items.ts'

/** The fields an applied configuration names: what its manager comes to own. Leaves, list items, map entries. */
export function fieldsOf(schema: Schema, value: unknown): FieldSet {
  if (value === undefined) return EMPTY
  if (value === null || isAtomic(schema, value)) return LEAF
  if (schema.kind === 'list') {
    const items = [...itemsByElement(schema, value)]
    return fieldSet(
      false,
      items.map(([element, item]): [string, FieldSet] => [element, union(LEAF, fieldsOf(schema.of, item))]),
    )
  }
  const entries = isRecord(value) ? Object.entries(value) : []
  return fieldSet(
    false,
    entries.map(([key, child]): [string, FieldSet] => {
      const below = fieldsOf(childSchema(schema, key), child)
      const emptyMap = isRecord(child) && Object.keys(child).length === 0
      return [`f:${key}`, emptyMap ? LEAF : below]
    }),
  )
}
