import { applyDefaults } from './defaults/defaults.ts'
import { forbidden, notFound } from './errors.ts'
import { sharing } from './immutable.ts'
import { nextGeneration } from './object-for-update.ts'
import type { ObjectStore } from './object-store.ts'
import { apiVersionOf, countsGenerations, resourceKey } from './resources.ts'
import { timestamp } from './timestamp.ts'
import type { KubeObject, ResourceType } from './types.ts'
import { validate } from './validation/validate.ts'

interface PrepareContext {
  operation: 'CREATE' | 'UPDATE'
  previous?: KubeObject
  uid?: string
  now: Date
  store: ObjectStore
  subresource?: string
}

/**
 * Completes an object the way the server does before it stores it: system metadata, defaults, validation, generation.
 * The result's metadata may be changed; what is below may be shared with the previous version.
 */
export function prepare(type: ResourceType, draft: KubeObject, context: PrepareContext): KubeObject {
  const { previous } = context
  if (context.operation === 'CREATE') {
    draft.apiVersion = apiVersionOf(type)
    draft.kind = type.kind
    const { deletionTimestamp: _, deletionGracePeriodSeconds: __, resourceVersion: ___, ...metadata } = draft.metadata
    draft.metadata = { ...metadata, uid: context.uid, creationTimestamp: timestamp(context.now) }
    if (countsGenerations(type)) draft.metadata.generation = 1
    if (!type.namespaced) delete draft.metadata.namespace
    applyDefaults(type, draft)
    validate(type, draft)
    checkNamespace(type, draft, context.store)
    return draft
  }
  if (!previous || context.subresource === 'status') return { ...draft, metadata: { ...draft.metadata } }
  applyDefaults(type, draft)
  validate(type, draft, previous)
  const shared = sharing(previous, draft)
  const generation = nextGeneration(type, previous, shared)
  return { ...shared, metadata: { ...shared.metadata, ...(generation === undefined ? {} : { generation }) } }
}

function checkNamespace(type: ResourceType, draft: KubeObject, store: ObjectStore): void {
  if (!type.namespaced) return
  const name = draft.metadata.namespace ?? ''
  const namespace = store.get('namespaces', undefined, name)
  if (!namespace) throw notFound('namespaces', name)
  if (!namespace.metadata.deletionTimestamp) return
  const why = `unable to create new content in namespace ${name} because it is being terminated`
  throw forbidden(resourceKey(type), draft.metadata.name, why, [
    { reason: 'NamespaceTerminating', message: `namespace ${name} is being terminated`, field: 'metadata.namespace' },
  ])
}
