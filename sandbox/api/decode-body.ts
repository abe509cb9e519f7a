import { badRequest, StatusError } from '../store/errors.ts'
import { isRecord } from '../store/immutable.ts'
import { apiVersionOf } from '../store/resources.ts'
import { DecodeError, decode } from '../store/schema/decode.ts'
import { type StructSchema, schemaOf, structSchema } from '../store/schema/schema.ts'
import type { KubeObject } from '../store/types.ts'
import type { ApiRequest } from './request.ts'

interface Read {
  object: KubeObject
  warnings: string[]
}

function schemaFor(request: ApiRequest): StructSchema {
  return request.type.group === 'events.k8s.io' ? structSchema('EventsV1Event') : schemaOf(request.type)
}

/**
 * Reads a body as the resource the URL names: its types, unknown fields after `fieldValidation` (Strict refuses, Warn warns,
 * Ignore drops), its kind, name and namespace.
 * @throws 400, 422
 */
export function decodeBody(request: ApiRequest, body: unknown): Read {
  const { type, query } = request
  if (!isRecord(body)) throw badRequest('the body of the request must be an object: it was empty or something else')
  const apiVersion = apiVersionOf(type)
  const inWords = `${type.kind} in version ${JSON.stringify(type.version)} cannot be handled as a ${type.kind}`
  if (body.apiVersion !== undefined && body.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${String(body.apiVersion)}) does not match the expected API version (${apiVersion})`,
    )
  }
  if (body.kind !== undefined && body.kind !== type.kind) {
    throw badRequest(
      `${String(body.kind)} in version ${JSON.stringify(type.version)} cannot be handled as a ${type.kind}: the kinds differ`,
    )
  }
  let decoded: ReturnType<typeof decode>
  try {
    decoded = decode(schemaFor(request), body)
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`${inWords}: ${error.message}`)
    throw error
  }
  const validation = query.get('fieldValidation') || 'Warn'
  if (!['Strict', 'Warn', 'Ignore'].includes(validation)) {
    const why = `fieldValidation: Unsupported value: ${JSON.stringify(validation)}: supported values: "", "Ignore", "Strict", "Warn"`
    throw new StatusError(422, 'Invalid', why)
  }
  const complaints = decoded.unknown.map((path) => `unknown field ${JSON.stringify(path)}`)
  if (validation === 'Strict' && complaints.length > 0) {
    throw badRequest(`${inWords}: strict decoding error: ${complaints.join(', ')}`)
  }
  const read = decoded.value as Record<string, unknown> // a struct schema decodes to a record
  const object: KubeObject = {
    ...read,
    apiVersion,
    kind: type.kind,
    metadata: { name: '', ...(isRecord(read.metadata) ? read.metadata : {}) },
  }
  placeInUrl(request, object)
  return { object: type.fromApi(object), warnings: validation === 'Warn' ? complaints : [] }
}

/** The URL decides name and namespace; a body that says otherwise is refused. */
function placeInUrl({ type, namespace, name }: ApiRequest, object: KubeObject): void {
  const metadata = object.metadata
  if (name && metadata.name && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  }
  if (name) metadata.name = name
  if (!type.namespaced) {
    delete metadata.namespace
    return
  }
  if (!namespace) throw badRequest('namespace: Required value: this resource lives in a namespace')
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  metadata.namespace = namespace
}
