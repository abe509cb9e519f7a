/** Freezes plain data all the way down; already frozen branches are skipped, so unchanged parts cost nothing. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const child of Object.values(value)) deepFreeze(child)
  }
  return value
}

/** Equality of plain JSON data; a key holding undefined counts as absent. */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => deepEqual(item, right[index]))
  }
  const leftEntries = Object.entries(left).filter(([, value]) => value !== undefined)
  const rightEntries = new Map(Object.entries(right).filter(([, value]) => value !== undefined))
  if (leftEntries.length !== rightEntries.size) return false
  return leftEntries.every(([key, value]) => rightEntries.has(key) && deepEqual(value, rightEntries.get(key)))
}

/** Whether a value is a JSON object (not an array, not null). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The record under `key`, or an empty one. */
export function recordAt(value: unknown, key: string): Record<string, unknown> {
  const child = isRecord(value) ? value[key] : undefined
  return isRecord(child) ? child : {}
}
