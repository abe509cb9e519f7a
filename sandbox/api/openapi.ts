import { createHash } from 'node:crypto'
import { apiVersionOf } from '../store/resources.ts'
import { type Schema, type StructSchema, schemaOf, structSchema } from '../store/schema/schema.ts'
import { groupVersions, SERVED_TYPES, type ServedType } from './served-types.ts'

type Json = Record<string, unknown>

/**
 * OpenAPI documents made from the same schemas that decode and merge: enough for kubectl's validation, patches and
 * `explain` (without descriptions). Type names are ours (`io.k8s.sandbox.PodSpec`); group, version and kind are the real ones.
 */
export function openApiIndex(): Json {
  const paths = groupVersions().map(({ group, version }) => {
    const path = group ? `apis/${group}/${version}` : `api/${version}`
    const hash = createHash('sha256')
      .update(JSON.stringify(openApiV3(group, version)))
      .digest('hex')
      .slice(0, 32)
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]
  })
  return { paths: Object.fromEntries(paths) }
}

const documents = new Map<string, Json>()

/** @returns the OpenAPI 3 document of one group and version; undefined when it is not served */
export function openApiV3(group: string, version: string): Json | undefined {
  const key = apiVersionOf({ group, version })
  if (!groupVersions().some((entry) => apiVersionOf(entry) === key)) return undefined
  const known = documents.get(key)
  if (known) return known
  const types = SERVED_TYPES.filter((type) => type.group === group && type.version === version)
  const writer = new SchemaWriter('#/components/schemas/')
  for (const type of types) writer.add(schemaFor(type), type)
  const made = {
    openapi: '3.0.0',
    info: { title: 'Kubernetes (sandbox)', version: 'v1.35.0' },
    paths: Object.assign({}, ...types.map((type) => pathsOf(type, 3))),
    components: { schemas: writer.definitions },
  }
  documents.set(key, made)
  return made
}

/** Everything in one OpenAPI 2 document, as JSON. */
export function openApiV2(): Json {
  const writer = new SchemaWriter('#/definitions/')
  for (const type of SERVED_TYPES) writer.add(schemaFor(type), type)
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes (sandbox)', version: 'v1.35.0' },
    paths: Object.assign({}, ...SERVED_TYPES.map((type) => pathsOf(type, 2))),
    definitions: writer.definitions,
  }
}

function schemaFor(type: ServedType): StructSchema {
  return type.group === 'events.k8s.io' ? structSchema('EventsV1Event') : schemaOf(type)
}

/** One path per resource with the operations kubectl looks at: whether a write takes `fieldValidation`. */
function pathsOf(type: ServedType, openapi: 2 | 3): Json {
  const prefix = type.group ? `/apis/${type.group}/${type.version}` : `/api/${type.version}`
  const path = `${prefix}/${type.namespaced ? 'namespaces/{namespace}/' : ''}${type.plural}`
  const kind = { group: type.group, version: type.version, kind: type.kind }
  const schema =
    openapi === 3 ? { schema: { type: 'string', uniqueItems: true } } : { type: 'string', uniqueItems: true }
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({ name, in: 'query', ...schema }))
  const operation = (action: string) => ({
    operationId: `${action}${type.kind}`,
    parameters,
    responses: { 200: { description: 'OK' } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kind,
  })
  const patchTypes = [
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
    'application/apply-patch+yaml',
  ]
  const patch =
    openapi === 3
      ? {
          ...operation('patch'),
          requestBody: {
            content: Object.fromEntries(patchTypes.map((name) => [name, { schema: { type: 'object' } }])),
          },
        }
      : { ...operation('patch'), consumes: patchTypes }
  return {
    [path]: { get: operation('list'), post: operation('post') },
    [`${path}/{name}`]: { get: operation('get'), put: operation('put'), patch, delete: operation('delete') },
  }
}

class SchemaWriter {
  readonly definitions: Record<string, Json> = {}
  readonly #prefix: string

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** @returns the name the struct is defined under */
  add(schema: StructSchema, type?: ServedType): string {
    const name = `io.k8s.sandbox.${schema.name.replace(/^(?:Core|Events|Discovery)?V\d/, '')}`
    if (this.definitions[name]) return name
    const definition: Json = { type: 'object' }
    this.definitions[name] = definition
    definition.properties = Object.fromEntries([...schema.fields].map(([field, child]) => [field, this.#field(child)]))
    if (schema.required.length > 0) definition.required = schema.required
    if (schema.atomic) definition['x-kubernetes-map-type'] = 'atomic'
    if (type)
      definition['x-kubernetes-group-version-kind'] = [{ group: type.group, version: type.version, kind: type.kind }]
    return name
  }

  #field(schema: Schema): Json {
    switch (schema.kind) {
      case 'any':
        return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
      case 'scalar':
        return scalar(schema.type)
      case 'map':
        return {
          type: 'object',
          additionalProperties: this.#field(schema.of),
          ...(schema.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
        }
      case 'list':
        return { type: 'array', items: this.#field(schema.of), ...listExtensions(schema) }
      case 'struct': {
        const reference = { $ref: this.#prefix + this.add(schema) }
        return schema.retainKeys
          ? { allOf: [reference], 'x-kubernetes-patch-strategy': 'retainKeys' }
          : { ...reference }
      }
    }
  }
}

function listExtensions(schema: Extract<Schema, { kind: 'list' }>): Json {
  const merges = schema.patchKey !== undefined || schema.type === 'set'
  return {
    'x-kubernetes-list-type': schema.type,
    ...(schema.keys.length > 0 ? { 'x-kubernetes-list-map-keys': schema.keys } : {}),
    ...(schema.patchKey ? { 'x-kubernetes-patch-merge-key': schema.patchKey } : {}),
    ...(merges ? { 'x-kubernetes-patch-strategy': schema.retainKeys ? 'merge,retainKeys' : 'merge' } : {}),
  }
}

function scalar(type: Extract<Schema, { kind: 'scalar' }>['type']): Json {
  switch (type) {
    case 'int32':
    case 'int64':
      return { type: 'integer', format: type }
    case 'time':
      return { type: 'string', format: 'date-time' }
    case 'bytes':
      return { type: 'string', format: 'byte' }
    case 'int-or-string':
      return { type: 'string', format: 'int-or-string' }
    case 'quantity':
      return { type: 'string' }
    default:
      return { type }
  }
}
