import { isRecord } from '../immutable.ts'
import { childSchema, isAtomic, type Schema } from '../schema/schema.ts'
import { EMPTY, type FieldSet, isEmpty } from './field-set.ts'
import { itemElement, itemsByElement } from './list-items.ts'

/** Lays an applied configuration over the live object. List items it does not name stay where they are. */
export function merge(schema: Schema, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live
  if (live === undefined || applied === null || isAtomic(schema, applied) || isAtomic(schema, live)) return applied
  if (schema.kind === 'list') return mergeItems(schema, live, applied)
  const left = isRecord(live) ? live : {}
  const right = isRecord(applied) ? applied : {}
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return Object.fromEntries([...keys].map((key) => [key, merge(childSchema(schema, key), left[key], right[key])]))
}

/** The applied order decides; an item of the live list only keeps its place behind the item it followed. */
function mergeItems(schema: Extract<Schema, { kind: 'list' }>, live: unknown, applied: unknown): unknown[] {
  const left = itemsByElement(schema, live)
  const right = itemsByElement(schema, applied)
  const order = [...right.keys()]
  let previous: string | undefined
  for (const element of left.keys()) {
    if (!right.has(element)) order.splice(previous === undefined ? 0 : order.indexOf(previous) + 1, 0, element)
    previous = element
  }
  return order.map((element) => merge(schema.of, left.get(element), right.get(element)))
}

/**
 * Takes away what a manager stopped naming: the fields of `given` that nobody in `owned` has. A list item
 * goes with everything below it unless somebody owns the item; what is left empty goes too.
 */
export function prune(schema: Schema, value: unknown, given: FieldSet, owned: FieldSet): unknown {
  if (value === undefined || isEmpty(given)) return value
  if (given.member && isEmpty(owned)) return undefined
  if (given.children.size === 0 || isAtomic(schema, value)) return value
  if (schema.kind === 'list' && Array.isArray(value)) {
    const left = value.flatMap((item) => {
      const element = itemElement(schema, item)
      const itemGiven = given.children.get(element) ?? EMPTY
      const itemOwned = owned.children.get(element) ?? EMPTY
      // Owning a field of an item does not keep the item: somebody has to own the item itself.
      if (itemGiven.member && !itemOwned.member) return []
      const kept = prune(schema.of, item, itemGiven, itemOwned)
      return kept === undefined ? [] : [kept]
    })
    return left.length === 0 && value.length > 0 ? undefined : left
  }
  if (!isRecord(value)) return value
  const entries = Object.entries(value)
  const left = entries.flatMap(([key, child]): [string, unknown][] => {
    const element = `f:${key}`
    const below = given.children.get(element) ?? EMPTY
    const kept = prune(childSchema(schema, key), child, below, owned.children.get(element) ?? EMPTY)
    return kept === undefined ? [] : [[key, kept]]
  })
  const emptied = left.length === 0 && entries.length > 0 && !owned.member
  return emptied ? undefined : Object.fromEntries(left)
}
