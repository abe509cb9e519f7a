import { StatusError } from '../../store/errors.ts'
import { deepEqual, isRecord } from '../../store/immutable.ts'

/** Applies an RFC 6902 patch to a copy. @throws 422 when a path is missing or a test fails, 400 when it is no patch */
export function jsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw new StatusError(400, 'BadRequest', 'a JSON patch must be an array of operations')
  }
  return patch.reduce(
    (current: unknown, operation: unknown) => applyOperation(current, operation),
    structuredClone(document),
  )
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isRecord(operation) || typeof operation.path !== 'string') throw rejected('an operation needs an op and a path')
  const path = pointer(operation.path)
  const from = typeof operation.from === 'string' ? pointer(operation.from) : undefined
  switch (operation.op) {
    case 'add':
      return insert(document, path, structuredClone(operation.value))
    case 'remove':
      return extract(document, path).rest
    case 'replace':
      if (path.length === 0) return structuredClone(operation.value)
      return insert(extract(document, path).rest, path, structuredClone(operation.value))
    case 'move': {
      if (!from) throw rejected('a move operation needs from')
      const moved = extract(document, from)
      return insert(moved.rest, path, moved.value)
    }
    case 'copy':
      if (!from) throw rejected('a copy operation needs from')
      return insert(document, path, structuredClone(read(document, from)))
    case 'test':
      if (!deepEqual(read(document, path), operation.value)) throw rejected(`testing value ${operation.path} failed`)
      return document
    default:
      throw rejected(`unexpected kind: ${String(operation.op)}`)
  }
}

/** RFC 6901: `/a/b~1c` → ['a', 'b/c'] */
function pointer(text: string): string[] {
  if (text === '') return []
  if (!text.startsWith('/')) throw rejected(`the path ${JSON.stringify(text)} does not begin with a slash`)
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function read(document: unknown, path: string[]): unknown {
  return path.reduce((current: unknown, key) => {
    if (Array.isArray(current)) return current[indexIn(current, key, path)]
    if (isRecord(current) && key in current) return current[key]
    throw missing(path)
  }, document)
}

function insert(document: unknown, path: string[], value: unknown): unknown {
  const key = path.at(-1)
  if (key === undefined) return value
  const parent = read(document, path.slice(0, -1))
  if (Array.isArray(parent)) {
    parent.splice(key === '-' ? parent.length : indexIn([...parent, null], key, path), 0, value)
  } else if (isRecord(parent)) parent[key] = value
  else throw missing(path)
  return document
}

function extract(document: unknown, path: string[]): { rest: unknown; value: unknown } {
  const key = path.at(-1)
  if (key === undefined) return { rest: undefined, value: document }
  const parent = read(document, path.slice(0, -1))
  const value = read(document, path)
  if (Array.isArray(parent)) parent.splice(indexIn(parent, key, path), 1)
  else if (isRecord(parent)) delete parent[key]
  return { rest: document, value }
}

function indexIn(list: unknown[], key: string, path: string[]): number {
  const index = /^(0|[1-9]\d*)$/.test(key) ? Number(key) : Number.NaN
  if (Number.isNaN(index) || index >= list.length) throw missing(path)
  return index
}

function missing(path: string[]): StatusError {
  return rejected(`the path /${path.join('/')} is missing: the object has no such value`)
}

function rejected(why: string): StatusError {
  const message = 'the server rejected our request due to an error in our request'
  return new StatusError(422, 'Invalid', message, { causes: [{ reason: 'UnexpectedServerResponse', message: why }] })
}
