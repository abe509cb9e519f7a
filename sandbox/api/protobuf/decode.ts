import { StatusError } from '../../store/errors.ts'
import { MESSAGES } from './messages.ts'

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]) // "k8s" and a zero: the envelope's mark

type Value = number | Buffer

/**
 * Reads a protobuf body into the object its JSON would have been. What Go writes although it says nothing (empty strings,
 * zeros, empty messages) is left out. A kind or field that is not in MESSAGES is refused, never dropped.
 * @throws 400 where the bytes are no such message, 415 where they say more than is understood here
 */
export function decodeProtobuf(body: Buffer): Record<string, unknown> {
  if (!body.subarray(0, 4).equals(MAGIC)) throw malformed('it does not begin with the mark of a Kubernetes message')
  const envelope = new Map(fieldsOf(body.subarray(4)))
  const type = readMessage('TypeMeta', bytesOf(envelope.get(1)))
  const kind = String(type.kind)
  if (!MESSAGES[kind]) throw notUnderstood(`the kind ${kind}`)
  return { ...type, ...readMessage(kind, bytesOf(envelope.get(2))) }
}

/** The fields of one message in order: number and raw value. */
function* fieldsOf(bytes: Buffer): Generator<[number, Value]> {
  let at = 0
  const varint = (): number => {
    let result = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 63n) throw malformed('a number is cut off')
      result |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number(BigInt.asIntN(64, result))
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const wire = tag & 7
    if (wire === 0) {
      yield [tag >> 3, varint()]
      continue
    }
    const length = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : -1
    if (length < 0 || at + length > bytes.length) throw malformed('a field is cut off')
    yield [tag >> 3, bytes.subarray(at, at + length)]
    at += length
  }
}

function readMessage(name: string, bytes: Buffer): Record<string, unknown> {
  const table = MESSAGES[name] ?? {}
  const result: Record<string, unknown> = {}
  for (const [number, raw] of fieldsOf(bytes)) {
    const known = table[number]
    if (!known) {
      if (saysSomething(raw)) throw notUnderstood(`field ${number} of ${name}`)
      continue
    }
    const [field, type] = known
    if (type === '-') continue
    if (type.startsWith('[]')) {
      const list = (result[field] ?? []) as unknown[] // made in this loop
      result[field] = [...list, readValue(type.slice(2), raw) ?? '']
    } else if (type.startsWith('{}')) {
      const entry = new Map(fieldsOf(bytesOf(raw)))
      const value = readValue(type.slice(2), entry.get(2) ?? Buffer.alloc(0)) ?? ''
      result[field] = { ...(result[field] as object | undefined), [bytesOf(entry.get(1)).toString('utf8')]: value } // as above
    } else {
      const value = readValue(type, raw)
      if (value !== undefined) result[field] = value
    }
  }
  return result
}

function readValue(type: string, raw: Value): unknown {
  switch (type) {
    case 'string':
      return bytesOf(raw).toString('utf8') || undefined
    case 'bytes':
      return bytesOf(raw).toString('base64')
    case 'bool':
      return raw === 1 ? true : undefined
    case 'int':
      return raw
    case 'count':
      return raw === 0 ? undefined : raw
    case 'Quantity':
      return bytesOf(new Map(fieldsOf(bytesOf(raw))).get(1)).toString('utf8')
    default: {
      const message = readMessage(type, bytesOf(raw))
      return Object.keys(message).length === 0 ? undefined : message
    }
  }
}

/** Whether a field is more than Go's empty value: zero, empty, or a message of nothing but such. */
function saysSomething(raw: Value): boolean {
  if (typeof raw === 'number') return raw !== 0
  if (raw.length === 0) return false
  try {
    return [...fieldsOf(raw)].some(([, value]) => saysSomething(value))
  } catch {
    return true // it was text, not a message
  }
}

function bytesOf(value: Value | undefined): Buffer {
  if (value === undefined) return Buffer.alloc(0)
  if (typeof value === 'number') throw malformed('a number stands where bytes belong')
  return value
}

function malformed(why: string): StatusError {
  return new StatusError(400, 'BadRequest', `the protobuf body of the request cannot be read: ${why}`)
}

function notUnderstood(what: string): StatusError {
  const message = `the sandbox does not read ${what} from protobuf: write it as YAML and use kubectl apply -f or create -f`
  return new StatusError(415, 'UnsupportedMediaType', message)
}
