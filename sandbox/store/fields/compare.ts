import { deepEqual, isRecord } from '../immutable.ts'
import { HELD_BY_VALUE } from '../schema/merge-rules.ts'
import { childSchema, isAtomic, type Schema } from '../schema/schema.ts'
import { EMPTY, type FieldSet, fieldSet, LEAF } from './field-set.ts'
import { itemsByElement } from './list-items.ts'

export interface Comparison {
  added: FieldSet
  modified: FieldSet
  removed: FieldSet
}

const SAME: Comparison = { added: EMPTY, modified: EMPTY, removed: EMPTY }

/** The fields that differ between two states of an object, the way ownership counts them. */
export function compare(schema: Schema, before: unknown, after: unknown, field = ''): Comparison {
  if (before === after || (before === undefined && after === undefined)) return SAME
  const present = after === undefined ? before : after
  const leaf = isAtomic(schema, present) || (before !== undefined && isAtomic(schema, before))
  if (leaf) {
    if (before === undefined) return { ...SAME, added: LEAF }
    if (after === undefined) return { ...SAME, removed: LEAF }
    return deepEqual(before, after) ? SAME : { ...SAME, modified: LEAF }
  }
  const children = schema.kind === 'list' ? compareItems(schema, before, after) : compareFields(schema, before, after)
  // A struct the server's types hold by value is never added or removed itself, unless it is empty and so a leaf.
  const itself = !HELD_BY_VALUE.has(field) || isEmptyRecord(present)
  return {
    added: fieldSet(
      before === undefined && itself,
      children.map(([key, child]) => [key, child.added]),
    ),
    modified: fieldSet(
      false,
      children.map(([key, child]) => [key, child.modified]),
    ),
    removed: fieldSet(
      after === undefined && itself,
      children.map(([key, child]) => [key, child.removed]),
    ),
  }
}

function compareItems(
  schema: Extract<Schema, { kind: 'list' }>,
  before: unknown,
  after: unknown,
): [string, Comparison][] {
  const left = itemsByElement(schema, before)
  const right = itemsByElement(schema, after)
  const elements = new Set([...left.keys(), ...right.keys()])
  return [...elements].map((element) => [element, compare(schema.of, left.get(element), right.get(element))])
}

function compareFields(schema: Schema, before: unknown, after: unknown): [string, Comparison][] {
  const left = isRecord(before) ? before : {}
  const right = isRecord(after) ? after : {}
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys].map((key) => [`f:${key}`, compare(childSchema(schema, key), left[key], right[key], key)])
}

function isEmptyRecord(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0
}
