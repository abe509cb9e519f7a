import type { IncomingMessage } from 'node:http'
import { parse } from 'yaml'
import { badRequest, StatusError } from '../store/errors.ts'
import { decodeProtobuf } from './protobuf/decode.ts'

const LIMIT_BYTES = 3 * 1024 * 1024

/** Reads a body of at most 3 MiB. @throws 413 */
async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    size += chunk.length
    if (size > LIMIT_BYTES) {
      throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${LIMIT_BYTES}`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The media type without its parameters, in lower case. */
export function mediaType(message: IncomingMessage): string {
  return (message.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? ''
}

const JSON_TYPES = [
  'application/json',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]
const YAML_TYPES = ['application/yaml', 'application/apply-patch+yaml']

/** @returns the parsed body, undefined when it is empty. @throws 400 where it is malformed, 413, 415 */
export async function readObject(message: IncomingMessage): Promise<unknown> {
  const type = mediaType(message)
  const body = await readBody(message)
  if (body.length === 0) return undefined
  if (type === 'application/vnd.kubernetes.protobuf') return decodeProtobuf(body)
  if (!JSON_TYPES.includes(type) && !YAML_TYPES.includes(type))
    throw unsupportedMediaType(type, [...JSON_TYPES, ...YAML_TYPES])
  const text = body.toString('utf8')
  try {
    // Aliases are capped by the parser, so that a small body cannot become a huge object.
    return YAML_TYPES.includes(type) ? parse(text, { maxAliasCount: 100 }) : JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw badRequest(`the object provided is unrecognized (must be of type json or yaml): couldn't parse it: ${why}`)
  }
}

export function unsupportedMediaType(type: string, supported: string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${supported.join(', ')}`
  return new StatusError(415, 'UnsupportedMediaType', type ? `${message} (it was ${type})` : message)
}
