import { badRequest, notFound, tooLargeVersion } from '../store/errors.ts'
import type { ListFilter } from '../store/list-filter.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { checkFieldSelector, parseFieldSelector, parseLabelSelector } from '../store/selectors.ts'
import type { KubeObject } from '../store/types.ts'
import { acceptedFormat } from './accept.ts'
import { type ApiRequest, wholeNumber } from './request.ts'
import type { Answer } from './respond.ts'
import { shapeList, shapeObject } from './shape.ts'

export function readOne(store: ObjectStore, request: ApiRequest): Answer {
  const { type, namespace, name = '', query } = request
  const object = store.get(type.resource, namespace, name)
  if (!object) throw notFound(type.resource, name)
  return { body: shapeObject(object, { type, format: acceptedFormat(request.message), query, now: store.now() }) }
}

/** The selectors of a list, watch or deletecollection; a name in the path counts as a field selector. */
export function filterOf(request: ApiRequest): ListFilter {
  const fields = parseFieldSelector(request.query.get('fieldSelector') ?? '')
  checkFieldSelector(request.type.resource, fields)
  if (request.name) fields.push({ path: 'metadata.name', equals: true, value: request.name })
  return {
    ...(request.namespace ? { namespace: request.namespace } : {}),
    labels: parseLabelSelector(request.query.get('labelSelector') ?? ''),
    fields,
  }
}

/**
 * Lists with `limit` and `continue`: every page shows the version of the first one. A `resourceVersion` older than the store
 * is met by its newest state, as NotOlderThan allows; `resourceVersionMatch=Exact` goes back in the history.
 */
export function readList(store: ObjectStore, request: ApiRequest): Answer {
  const { type, query } = request
  const limit = wholeNumber(query, 'limit') ?? 0
  const token = query.get('continue')
  const start = token ? readToken(token) : undefined
  const asked = wholeNumber(query, 'resourceVersion')
  const version = start?.version ?? (query.get('resourceVersionMatch') === 'Exact' ? asked : undefined) ?? store.version
  if (asked !== undefined && asked > store.version) {
    throw tooLargeVersion(asked, store.version)
  }
  const all = store.list(type.resource, filterOf(request), version)
  const rest = start ? all.filter((object) => pageKey(object) > start.after) : all
  const page = limit > 0 ? rest.slice(0, limit) : rest
  const last = page.at(-1)
  const more = rest.length - page.length
  const metadata = {
    resourceVersion: String(version),
    ...(more > 0 && last ? { continue: writeToken(version, pageKey(last)), remainingItemCount: more } : {}),
  }
  const format = acceptedFormat(request.message)
  return { body: shapeList(page, metadata, { type, format, query, now: store.now() }) }
}

function pageKey(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`
}

function writeToken(version: number, after: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start: after })).toString('base64url')
}

function readToken(token: string): { version: number; after: string } {
  try {
    const { rv, start }: { rv: unknown; start: unknown } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    if (typeof rv === 'number' && typeof start === 'string') return { version: rv, after: start }
  } catch {
    // Told below: what is no JSON is no token either.
  }
  throw badRequest('continue key is not valid: start the list again without it')
}
