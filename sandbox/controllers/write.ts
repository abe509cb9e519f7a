import { deepEqual } from '../store/immutable.ts'
import type { KindOf } from '../store/kinds.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { KubeObject } from '../store/types.ts'

/**
 * Writes a status unless it is what is already there. Controllers come by far more often than anything changes, and a
 * write that changes nothing still costs a comparison of the whole object.
 */
export function writeStatus<R extends string>(
  store: ObjectStore,
  resource: R,
  object: KindOf<R>,
  status: KubeObject['status'],
  fieldManager = 'kube-controller-manager',
): KindOf<R> {
  const plain: KubeObject = object
  if (deepEqual(plain.status, status)) return object
  const { namespace, name } = plain.metadata
  const write = (draft: KubeObject) => {
    draft.status = status
  }
  return store.modify(resource, namespace, name, write, { subresource: 'status', fieldManager })
}
