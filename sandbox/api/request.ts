import type { IncomingMessage } from 'node:http'
import { badRequest, StatusError } from '../store/errors.ts'
import { type ServedType, servedType } from './served-types.ts'

type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

/** A request for stored objects, taken apart. */
export interface ApiRequest {
  verb: Verb
  type: ServedType
  namespace: string | undefined
  name: string | undefined
  subresource: string | undefined
  query: URLSearchParams
  message: IncomingMessage
}

const VERBS: Record<string, { one: Verb; all: Verb }> = {
  GET: { one: 'get', all: 'list' },
  HEAD: { one: 'get', all: 'list' },
  POST: { one: 'create', all: 'create' },
  PUT: { one: 'update', all: 'update' },
  PATCH: { one: 'patch', all: 'patch' },
  DELETE: { one: 'delete', all: 'deletecollection' },
}

/** @returns undefined where the path names no stored resource; @throws 405 where the method does not fit */
export function parseRequest(message: IncomingMessage, url: URL): ApiRequest | undefined {
  const segments = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodePart)
  const core = segments[0] === 'api'
  if (!core && segments[0] !== 'apis') return undefined
  const [group = '', version = '', ...rest] = core ? ['', ...segments.slice(1)] : segments.slice(1)
  const inNamespace = rest[0] === 'namespaces' && rest.length >= 3 && !['status', 'finalize'].includes(rest[2] ?? '')
  const [plural, name, subresource, ...more] = inNamespace ? rest.slice(2) : rest
  if (!plural || more.length > 0) return undefined
  const type = servedType(group, version, plural)
  if (!type || (inNamespace && !type.namespaced)) return undefined
  if (type.resource === 'pods' && ['attach', 'exec', 'portforward', 'proxy'].includes(subresource ?? '')) {
    const why = `the sandbox runs no real containers, so there is nothing to ${subresource} to; logs and events are there`
    throw new StatusError(501, 'NotImplemented', why)
  }
  if (subresource && !type.subresources.includes(subresource)) return undefined
  const verbs = VERBS[message.method ?? '']
  if (!verbs) throw methodNotAllowed()
  let verb = name ? verbs.one : verbs.all
  if (verb === 'list' && isTrue(url.searchParams.get('watch'))) verb = 'watch'
  const namespace = inNamespace ? rest[1] : undefined
  return { verb, type, namespace, name, subresource, query: url.searchParams, message }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw badRequest(`the path segment ${JSON.stringify(part)} is not valid percent-encoding`)
  }
}

export function isTrue(text: string | null): boolean {
  return text === 'true' || text === '1'
}

export function methodNotAllowed(): StatusError {
  return new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource')
}

/** A query parameter that must be a whole number. @throws 400 */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  const value = Number(text)
  if (!Number.isInteger(value))
    throw badRequest(`invalid value ${JSON.stringify(text)} for ${name}: a whole number is needed`)
  return value
}

/** @throws 400 for anything but dryRun=All */
export function isDryRun(query: URLSearchParams): boolean {
  const values = query.getAll('dryRun').filter((value) => value !== '')
  if (values.some((value) => value !== 'All')) {
    throw badRequest(`Invalid value: ${JSON.stringify(values)}: dryRun supports only "All"`)
  }
  return values.length > 0
}

/** Who writes: the fieldManager parameter, else what the User-Agent begins with, as the server does it. @throws 400 */
export function fieldManager(request: ApiRequest): string {
  const named = request.query.get('fieldManager')
  if (named && named.length > 128) throw badRequest('fieldManager: Too long: may not be more than 128 bytes')
  const agent = request.message.headers['user-agent'] ?? 'unknown'
  return named || (agent.split('/')[0] ?? 'unknown').slice(0, 128) || 'unknown'
}
