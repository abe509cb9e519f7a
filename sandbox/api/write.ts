import { badRequest, invalid, notFound } from '../store/errors.ts'
import { applyObject } from '../store/fields/apply.ts'
import { isRecord } from '../store/immutable.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { isCustomResource } from '../store/resources.ts'
import { schemaOf } from '../store/schema/schema.ts'
import type { KubeObject } from '../store/types.ts'
import { acceptedFormat } from './accept.ts'
import { mediaType, readObject, unsupportedMediaType } from './body.ts'
import { decodeBody } from './decode-body.ts'
import { jsonPatch } from './patch/json-patch.ts'
import { mergePatch } from './patch/merge-patch.ts'
import { strategicMergePatch } from './patch/strategic-merge-patch.ts'
import { type ApiRequest, fieldManager, isDryRun, isTrue } from './request.ts'
import type { Answer } from './respond.ts'
import { shapeObject } from './shape.ts'

export async function create(store: ObjectStore, request: ApiRequest): Promise<Answer> {
  const { object, warnings } = decodeBody(request, await readObject(request.message))
  const created = store.create(request.type.resource, object, writeOptions(request))
  return answer(store, request, created, warnings, 201)
}

export async function update(store: ObjectStore, request: ApiRequest): Promise<Answer> {
  const { object, warnings } = decodeBody(request, await readObject(request.message))
  return answer(store, request, store.update(request.type.resource, object, writeOptions(request)), warnings)
}

export async function patch(store: ObjectStore, request: ApiRequest): Promise<Answer> {
  const body = await readObject(request.message)
  if (mediaType(request.message) === 'application/apply-patch+yaml') return apply(store, request, body)
  if (isTrue(request.query.get('force'))) {
    throw invalid('PatchOptions', 'meta.k8s.io', '', [
      { field: 'force', reason: 'FieldValueForbidden', message: 'Forbidden: may not be specified for non-apply patch' },
    ])
  }
  const { type, namespace, name = '' } = request
  const stored = store.get(type.resource, namespace, name)
  if (!stored) throw notFound(type.resource, name)
  const patched = patchedObject(request, type.toApi(stored), body)
  const { object, warnings } = decodeBody(request, patched)
  return answer(store, request, store.update(type.resource, object, writeOptions(request)), warnings)
}

/** Applies a patch of any of the three plain kinds to a copy. @throws 400, 415, 422 */
export function patchedObject(request: ApiRequest, current: KubeObject, body: unknown): unknown {
  const kind = mediaType(request.message)
  if (kind === 'application/json-patch+json') return jsonPatch(current, body)
  if (!isRecord(body)) throw badRequest('the body of a patch must be an object')
  if (kind === 'application/merge-patch+json') return mergePatch(current, body)
  if (kind !== 'application/strategic-merge-patch+json' || isCustomResource(request.type)) {
    const supported = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml']
    throw unsupportedMediaType(kind, supported)
  }
  return strategicMergePatch(schemaOf(request.type), current, body)
}

function apply(store: ObjectStore, request: ApiRequest, body: unknown): Answer {
  const manager = request.query.get('fieldManager')
  if (!manager) {
    throw invalid('PatchOptions', 'meta.k8s.io', '', [
      { field: 'fieldManager', reason: 'FieldValueRequired', message: 'Required value: is required for apply patch' },
    ])
  }
  if (isRecord(body) && isRecord(body.metadata) && body.metadata.managedFields) {
    throw badRequest('metadata.managedFields must be nil')
  }
  if (!isRecord(body) || !body.apiVersion || !body.kind) {
    throw badRequest('an applied configuration must say its apiVersion and kind')
  }
  const { object, warnings } = decodeBody(request, body)
  const outcome = applyObject(store, request.type.resource, object, {
    fieldManager: manager,
    force: isTrue(request.query.get('force')),
    dryRun: isDryRun(request.query),
    ...(request.subresource === 'status' ? { subresource: 'status' } : {}),
  })
  return answer(store, request, outcome.object, warnings, outcome.created ? 201 : 200)
}

function writeOptions(request: ApiRequest): { fieldManager: string; dryRun: boolean; subresource?: string } {
  const options = { fieldManager: fieldManager(request), dryRun: isDryRun(request.query) }
  return request.subresource ? { ...options, subresource: request.subresource } : options
}

function answer(store: ObjectStore, request: ApiRequest, object: KubeObject, warnings: string[], code = 200): Answer {
  const { type, query, message } = request
  return {
    code,
    warnings,
    body: shapeObject(object, { type, format: acceptedFormat(message), query, now: store.now() }),
  }
}
