import { badRequest, splitResource } from '../store/errors.ts'
import { isRecord } from '../store/immutable.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { DeleteOptions, KubeObject, PropagationPolicy } from '../store/types.ts'
import { acceptedFormat } from './accept.ts'
import { readObject } from './body.ts'
import { filterOf } from './read.ts'
import { type ApiRequest, isDryRun, wholeNumber } from './request.ts'
import type { Answer } from './respond.ts'
import { shapeList } from './shape.ts'

/** Deletes one object: a Status when it is gone, the object itself while something holds it. */
export async function remove(store: ObjectStore, request: ApiRequest): Promise<Answer> {
  const { type, namespace, name = '' } = request
  const options = await deleteOptions(request)
  const left: KubeObject = store.delete(type.resource, namespace, name, options)
  const waits = !options.dryRun && store.get(type.resource, namespace, name) !== undefined
  if (waits || type.resource === 'pods') return { body: type.toApi(left) }
  const [group, kind] = splitResource(type.resource)
  const details = { name, ...(group ? { group } : {}), kind, uid: left.metadata.uid }
  return { body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } }
}

export async function removeCollection(store: ObjectStore, request: ApiRequest): Promise<Answer> {
  const { type, query, message } = request
  const options = await deleteOptions(request)
  const objects = store.list(type.resource, filterOf(request))
  for (const object of objects) store.delete(type.resource, object.metadata.namespace, object.metadata.name, options)
  const metadata = { resourceVersion: String(store.version) }
  return { body: shapeList(objects, metadata, { type, format: acceptedFormat(message), query, now: store.now() }) }
}

/** From the body (DeleteOptions) or, where that is empty, the query. @throws 400 */
async function deleteOptions(request: ApiRequest): Promise<DeleteOptions & { dryRun: boolean }> {
  const { query } = request
  const body = (await readObject(request.message)) ?? {}
  if (!isRecord(body)) throw badRequest('the body of a delete must be DeleteOptions or empty')
  const grace = body.gracePeriodSeconds ?? wholeNumber(query, 'gracePeriodSeconds')
  if (grace !== undefined && grace !== null && (typeof grace !== 'number' || grace < 0)) {
    throw badRequest('gracePeriodSeconds must be a whole number of seconds, 0 or more')
  }
  const policy =
    body.propagationPolicy ?? query.get('propagationPolicy') ?? (body.orphanDependents === true ? 'Orphan' : undefined)
  const dryRun = Array.isArray(body.dryRun) ? body.dryRun.includes('All') : isDryRun(query)
  return {
    dryRun,
    ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    ...(policy ? { propagationPolicy: propagationPolicy(policy) } : {}),
    ...(isRecord(body.preconditions) ? { preconditions: preconditions(body.preconditions) } : {}),
  }
}

function propagationPolicy(value: unknown): PropagationPolicy {
  if (value === 'Background' || value === 'Foreground' || value === 'Orphan') return value
  throw badRequest(
    `propagationPolicy: Unsupported value: ${JSON.stringify(value)}: supported values: "Foreground", "Background", "Orphan"`,
  )
}

function preconditions({ uid, resourceVersion }: Record<string, unknown>): { uid?: string; resourceVersion?: string } {
  return {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  }
}
