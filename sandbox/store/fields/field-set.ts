import { isRecord } from '../immutable.ts'

/**
 * A set of field paths as a trie. The keys are the path elements of FieldsV1: `f:<field>`, `k:<keys of a list item as
 * JSON>`, `v:<value of a set item as JSON>`. Sets are values: no function here changes its arguments.
 */
export interface FieldSet {
  /** Whether the path that ends here is in the set. */
  readonly member: boolean
  readonly children: ReadonlyMap<string, FieldSet>
}

export const EMPTY: FieldSet = { member: false, children: new Map() }
export const LEAF: FieldSet = { member: true, children: new Map() }

export function fieldSet(member: boolean, children: Iterable<[string, FieldSet]>): FieldSet {
  return { member, children: new Map([...children].filter(([, child]) => !isEmpty(child))) }
}

export function isEmpty(set: FieldSet): boolean {
  return !set.member && set.children.size === 0
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  const children = new Map(left.children)
  for (const [key, child] of right.children) {
    const other = children.get(key)
    children.set(key, other ? union(other, child) : child)
  }
  return { member: left.member || right.member, children }
}

/** @returns `left` itself where nothing of it is taken away */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  let same = !(left.member && right.member)
  const children = [...left.children].map(([key, child]): [string, FieldSet] => {
    const other = right.children.get(key)
    const rest = other ? difference(child, other) : child
    if (rest !== child) same = false
    return [key, rest]
  })
  return same ? left : fieldSet(left.member && !right.member, children)
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  const children = [...left.children].map(([key, child]): [string, FieldSet] => {
    const other = right.children.get(key)
    return [key, other ? intersection(child, other) : EMPTY]
  })
  return fieldSet(left.member && right.member, children)
}

/** Every path in the set, parents before children, in key order. */
export function* paths(set: FieldSet, prefix: string[] = []): Generator<string[]> {
  if (set.member) yield prefix
  for (const [key, child] of sorted(set)) yield* paths(child, [...prefix, key])
}

function sorted(set: FieldSet): [string, FieldSet][] {
  return [...set.children].sort(([left], [right]) => (left < right ? -1 : 1))
}

/** @returns the JSON of managedFields[].fieldsV1 */
export function toFieldsV1(set: FieldSet): Record<string, unknown> {
  const entries = sorted(set).map(([key, child]): [string, unknown] => [key, toFieldsV1(child)])
  const self: [string, unknown][] = set.member && entries.length > 0 ? [['.', {}]] : []
  return Object.fromEntries([...self, ...entries])
}

export function fromFieldsV1(fields: unknown): FieldSet {
  const root = readFieldsV1(fields)
  return { ...root, member: false }
}

function readFieldsV1(fields: unknown): FieldSet {
  if (!isRecord(fields)) return LEAF
  const children = Object.entries(fields).filter(([key]) => key !== '.')
  return fieldSet(
    '.' in fields || children.length === 0,
    children.map(([key, child]): [string, FieldSet] => [key, readFieldsV1(child)]),
  )
}

/** The path as messages show it: `.spec.containers[name="app"].image`. */
export function pathText(path: string[]): string {
  return path
    .map((element) => {
      const content = element.slice(2)
      if (element.startsWith('f:')) return `.${content}`
      if (element.startsWith('v:')) return `[=${content}]`
      const keys: Record<string, unknown> = JSON.parse(content)
      return `[${Object.entries(keys)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(',')}]`
    })
    .join('')
}
