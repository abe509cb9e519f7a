import type { KubeObject } from '../store/types.ts'
import type { ControllerContext } from './context.ts'
import { WorkQueue } from './work-queue.ts'

const dependents = [
  'apps/replicasets',
  'pods',
  'endpoints',
  'discovery.k8s.io/endpointslices',
  'apps/controllerrevisions',
]

/**
 * Follows ownerReferences: deletes what a deleted owner leaves (Background), first the dependents and then the owner
 * (Foreground), or cuts the ties (Orphan). Empties namespaces that are going. @returns a function that stops it
 */
export function startGarbageCollector(context: ControllerContext): () => void {
  const { store, clock, onError } = context
  const orphaned = new Map<string, KubeObject>()
  const reconcile = (key: string): void => {
    if (key.startsWith('namespace/')) {
      emptyNamespace(context, queue, key.slice('namespace/'.length))
      return
    }
    const [resource = '', namespace, name = ''] = key.split('|')
    const owner = store.get(resource, namespace, name)
    if (owner !== undefined) {
      const finalizer = owner.metadata.finalizers?.find((each) => each === 'orphan' || each === 'foregroundDeletion')
      if (finalizer === undefined) return
      const left = dependentsOf(context, owner)
      for (const dependent of left) {
        if (finalizer === 'orphan') cutTie(context, dependent, owner)
        else deleteDependent(context, dependent, true)
      }
      if (finalizer === 'foregroundDeletion' && left.length > 0) {
        queue.add(key, 500)
        return
      }
      store.modify(resource, namespace, name, (draft) => {
        draft.metadata.finalizers = draft.metadata.finalizers?.filter((each) => each !== finalizer)
      })
      return
    }
    const gone = orphaned.get(key)
    orphaned.delete(key)
    if (gone !== undefined)
      for (const dependent of dependentsOf(context, gone)) deleteDependent(context, dependent, false)
  }
  const queue = new WorkQueue({ clock, delayMs: 50, retryMs: 200, longestRetryMs: 30_000, onError, reconcile })
  const unsubscribe = store.onChange(({ resource, object, type }) => {
    const { namespace = '', name } = object.metadata
    if (resource === 'namespaces' && type === 'MODIFIED' && object.metadata.deletionTimestamp)
      queue.add(`namespace/${name}`)
    if (resource === 'events') return
    const key = `${resource}|${namespace}|${name}`
    if (type === 'DELETED' && resource !== 'pods') {
      orphaned.set(key, object)
      queue.add(key)
    } else if (object.metadata.deletionTimestamp && object.metadata.finalizers?.length) queue.add(key)
  })
  return () => {
    unsubscribe()
    queue.clear()
  }
}

interface Dependent {
  resource: string
  object: KubeObject
}

function dependentsOf(context: ControllerContext, owner: KubeObject): Dependent[] {
  return dependents.flatMap((resource) =>
    context.store
      .list(resource, { namespace: owner.metadata.namespace })
      .filter((object) => object.metadata.ownerReferences?.some((reference) => reference.uid === owner.metadata.uid))
      .map((object): Dependent => ({ resource, object })),
  )
}

function deleteDependent(context: ControllerContext, { resource, object }: Dependent, foreground: boolean): void {
  if (object.metadata.deletionTimestamp !== undefined) return
  const { namespace, name } = object.metadata
  const isSet = resource === 'apps/replicasets'
  context.store.delete(resource, namespace, name, foreground && isSet ? { propagationPolicy: 'Foreground' } : {})
}

function cutTie(context: ControllerContext, { resource, object }: Dependent, owner: KubeObject): void {
  const { namespace, name } = object.metadata
  context.store.modify(resource, namespace, name, (draft) => {
    draft.metadata.ownerReferences = draft.metadata.ownerReferences?.filter(
      (reference) => reference.uid !== owner.metadata.uid,
    )
  })
}

function emptyNamespace(context: ControllerContext, queue: WorkQueue, name: string): void {
  const { store } = context
  const contents = [...store.everything()].filter(({ object }) => object.metadata.namespace === name)
  for (const { resource, object } of contents) {
    if (object.metadata.deletionTimestamp === undefined) store.delete(resource, name, object.metadata.name)
  }
  if (contents.some(({ resource, object }) => store.get(resource, name, object.metadata.name) !== undefined)) {
    queue.add(`namespace/${name}`, 500)
    return
  }
  if (store.get('namespaces', undefined, name) === undefined) return
  store.modify('namespaces', undefined, name, (draft) => {
    draft.spec = { finalizers: [] }
  })
}
