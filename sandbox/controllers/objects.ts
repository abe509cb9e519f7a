import type { Condition, Pod } from '../store/kinds.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { KubeObject, OwnerReference } from '../store/types.ts'

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true)
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid
}

export function ownerReferenceTo(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
}

export function conditionOf(conditions: Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type)
}

/** Sets a condition; its lastTransitionTime moves only when the status changes. */
export function withCondition(conditions: Condition[] | undefined, next: Condition, now: string): Condition[] {
  const known = conditionOf(conditions, next.type)
  const lastTransitionTime = known?.status === next.status ? (known.lastTransitionTime ?? now) : now
  const condition = { ...next, lastTransitionTime }
  if (known === undefined) return [...(conditions ?? []), condition]
  return (conditions ?? []).map((other) => (other.type === next.type ? condition : other))
}

export function isTerminating(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined
}

/** Neither finished nor on its way out: it counts as a replica. */
export function isActive(pod: Pod): boolean {
  return !isTerminating(pod) && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed'
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod.status?.conditions, 'Ready')?.status === 'True'
}

/** When the pod last became ready, or undefined while it is not. */
export function readySince(pod: Pod): number | undefined {
  const ready = conditionOf(pod.status?.conditions, 'Ready')
  return ready?.status === 'True' ? Date.parse(ready.lastTransitionTime ?? '') : undefined
}

/** Ready for at least `minReadySeconds`. */
export function isAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  const since = readySince(pod)
  return since !== undefined && (minReadySeconds === 0 || since + minReadySeconds * 1000 <= nowMs)
}

export function podsControlledBy(store: ObjectStore, owner: KubeObject): Pod[] {
  return store.list('pods', { namespace: owner.metadata.namespace }).filter((pod) => isControlledBy(pod, owner))
}
