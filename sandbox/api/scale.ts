import { badRequest, conflict, invalid, notFound, splitResource } from '../store/errors.ts'
import { isRecord, recordAt } from '../store/immutable.ts'
import type { LabelSelector } from '../store/kinds.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { labelSelectorText } from '../store/selectors.ts'
import type { KubeObject } from '../store/types.ts'
import { readObject } from './body.ts'
import { type ApiRequest, fieldManager, isDryRun } from './request.ts'
import type { Answer } from './respond.ts'
import { patchedObject } from './write.ts'

/** The autoscaling/v1 Scale that stands for a workload's replicas. */
function scaleOf(workload: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = workload.metadata
  const spec = recordAt(workload, 'spec')
  const selector = spec.selector as LabelSelector | undefined // decoded by the workload's schema
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas ?? 0 },
    status: {
      replicas: recordAt(workload, 'status').replicas ?? 0,
      ...(selector ? { selector: labelSelectorText(selector) } : {}),
    },
  }
}

/** GET, PUT and PATCH of …/scale. Only spec.replicas and the preconditions in metadata count. @throws 400, 404, 409, 422 */
export async function scale(store: ObjectStore, request: ApiRequest): Promise<Answer> {
  const { type, namespace, name = '', verb } = request
  const workload: KubeObject | undefined = store.get(type.resource, namespace, name)
  if (!workload) throw notFound(type.resource, name)
  const current = scaleOf(workload)
  if (verb === 'get') return { body: current }
  const body = await readObject(request.message)
  const wanted = verb === 'patch' ? patchedObject(request, current, body) : body
  if (!isRecord(wanted)) throw badRequest('the body of the request must be a Scale')
  const replicas = recordAt(wanted, 'spec').replicas ?? 0
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    throw badRequest('Scale in version "v1" cannot be handled as a Scale: spec.replicas must be a whole number')
  }
  if (replicas < 0) {
    const [group] = splitResource(type.resource)
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`
    throw invalid('Scale', group === 'apps' ? 'autoscaling' : group, name, [
      { field: 'spec.replicas', reason: 'FieldValueInvalid', message },
    ])
  }
  const { resourceVersion, uid } = recordAt(wanted, 'metadata')
  if (resourceVersion && resourceVersion !== workload.metadata.resourceVersion) throw conflict(type.resource, name)
  if (uid && uid !== workload.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${String(uid)}, UID in object meta: ${workload.metadata.uid}`
    throw conflict(type.resource, name, why)
  }
  const next = { ...workload, spec: { ...recordAt(workload, 'spec'), replicas } }
  const options = { fieldManager: fieldManager(request), dryRun: isDryRun(request.query), subresource: 'scale' }
  return { body: scaleOf(store.update(type.resource, next, options)) }
}
