import { badRequest } from '../../store/errors.ts'
import { deepEqual, isRecord } from '../../store/immutable.ts'
import { childSchema, type Schema } from '../../store/schema/schema.ts'

const ORDER = '$setElementOrder/'
const DELETE_VALUES = '$deleteFromPrimitiveList/'

/**
 * Kubernetes' strategic merge patch: as a merge patch, but lists of things with a merge key merge item by item, and
 * directives (`$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`) steer it. Returns a new value.
 * @see https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicMergePatch(schema: Schema, target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) throw badRequest('a strategic merge patch must be an object')
  return mergeMap(schema, isRecord(target) ? target : {}, patch)
}

function mergeMap(
  schema: Schema,
  target: Record<string, unknown>,
  patch: Record<string, unknown>,
): Record<string, unknown> {
  const directive = patch.$patch
  if (directive === 'delete') return {}
  if (directive === 'replace') return withoutDirectives({ ...patch, $patch: undefined })
  if (directive !== undefined && directive !== 'merge')
    throw badRequest(`unknown patch type found: ${String(directive)}`)
  const result = retain(target, patch.$retainKeys)
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith(ORDER)) continue
    if (key.startsWith(DELETE_VALUES)) {
      removeValues(result, key.slice(DELETE_VALUES.length), value)
      continue
    }
    if (value === null) delete result[key]
    else result[key] = mergeValue(childSchema(schema, key), result[key], value, patch[ORDER + key])
  }
  for (const [key, order] of Object.entries(patch)) {
    const field = key.slice(ORDER.length)
    // An order without a list reorders what is there.
    if (key.startsWith(ORDER) && !(field in patch))
      result[field] = sortList(childSchema(schema, field), result[field], order)
  }
  return result
}

function mergeValue(schema: Schema, target: unknown, patch: unknown, order: unknown): unknown {
  if (isRecord(patch)) return mergeMap(schema, isRecord(target) ? target : {}, patch)
  if (!Array.isArray(patch) || schema.kind !== 'list') return patch
  if (schema.type === 'set') {
    const known = Array.isArray(target) ? target : []
    return sortList(schema, [...known, ...patch.filter((item) => !known.includes(item))], order)
  }
  if (!schema.patchKey) return patch
  const merged = mergeList(schema, schema.patchKey, Array.isArray(target) ? target : [], patch)
  return order === undefined ? merged : sortList(schema, merged, order)
}

function mergeList(
  schema: Extract<Schema, { kind: 'list' }>,
  key: string,
  target: unknown[],
  patch: unknown[],
): unknown[] {
  const replaces = patch.some((item) => isRecord(item) && item.$patch === 'replace' && Object.keys(item).length === 1)
  let result = replaces ? [] : [...target]
  for (const item of patch) {
    if (!isRecord(item)) throw badRequest(`a patch of a list merged by ${key} must hold objects`)
    if (item.$patch === 'replace' && Object.keys(item).length === 1) continue
    const id = item[key]
    if (id === undefined) throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`)
    const index = result.findIndex((known) => isRecord(known) && deepEqual(known[key], id))
    if (item.$patch === 'delete') result = result.filter((known) => !(isRecord(known) && deepEqual(known[key], id)))
    else if (index < 0) result.push(mergeMap(schema.of, {}, item))
    else result[index] = mergeMap(schema.of, isRecord(result[index]) ? result[index] : {}, item)
  }
  return result
}

function retain(target: Record<string, unknown>, keys: unknown): Record<string, unknown> {
  if (!Array.isArray(keys)) return { ...target }
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)))
}

function removeValues(result: Record<string, unknown>, field: string, values: unknown): void {
  const list = result[field]
  if (Array.isArray(list) && Array.isArray(values)) result[field] = list.filter((item) => !values.includes(item))
}

/** Brings the items named by `order` into it; the others stay behind the item they followed. */
function sortList(schema: Schema, list: unknown, order: unknown): unknown {
  if (!Array.isArray(list) || !Array.isArray(order) || schema.kind !== 'list') return list
  const key = schema.patchKey
  const idOf = (item: unknown): string => JSON.stringify(key && isRecord(item) ? item[key] : item)
  const wanted = order.map(idOf)
  const named = list.filter((item) => wanted.includes(idOf(item)))
  named.sort((left, right) => wanted.indexOf(idOf(left)) - wanted.indexOf(idOf(right)))
  const result = [...named]
  for (const [index, item] of list.entries()) {
    if (wanted.includes(idOf(item))) continue
    const before = list[index - 1]
    result.splice(index === 0 ? 0 : result.indexOf(before) + 1, 0, item)
  }
  return result
}

function withoutDirectives(patch: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined && value !== null))
}
