import { StatusError } from '../../store/errors.ts'
import type { Condition, Pod, ReplicaSet } from '../../store/kinds.ts'
import { timestamp } from '../../store/timestamp.ts'
import type { ControllerContext } from '../context.ts'
import {
  controllerOf,
  isActive,
  isAvailable,
  isReady,
  isTerminating,
  ownerReferenceTo,
  podsControlledBy,
  readySince,
  withCondition,
} from '../objects.ts'
import { keyOf, splitKey, WorkQueue } from '../work-queue.ts'
import { writeStatus } from '../write.ts'
import { rankVictims } from './victims.ts'

const resource = 'apps/replicasets'
const source = { component: 'replicaset-controller' }
const writer = { fieldManager: 'kube-controller-manager' }
const mostAtOnce = 500

/** Keeps each ReplicaSet's number of pods. @returns a function that stops it */
export function startReplicaSetController(context: ControllerContext): () => void {
  const { store, clock, onError } = context
  const queue = new WorkQueue({
    clock,
    // Shorter than the Deployment controller's: a set first does what it was told, then the next step is decided.
    delayMs: 10,
    retryMs: 1000,
    longestRetryMs: 300_000,
    onError,
    reconcile: (key) => reconcile(context, queue, ...splitKey(key)),
  })
  for (const set of store.list(resource)) queue.add(keyOf(set))
  const unsubscribe = store.onChange((event) => {
    if (event.resource === resource && event.type !== 'DELETED') queue.add(keyOf(event.object))
    const owner = event.resource === 'pods' ? controllerOf(event.object) : undefined
    if (owner?.kind === 'ReplicaSet') queue.add(`${event.object.metadata.namespace}/${owner.name}`)
    // More room in a quota: whoever was refused may try again at once.
    if (event.resource === 'resourcequotas') {
      for (const set of store.list(resource, { namespace: event.object.metadata.namespace })) {
        if (set.status?.conditions?.some((condition) => condition.type === 'ReplicaFailure')) queue.add(keyOf(set))
      }
    }
  })
  return () => {
    unsubscribe()
    queue.clear()
  }
}

function reconcile(context: ControllerContext, queue: WorkQueue, namespace: string, name: string): void {
  const set = context.store.get(resource, namespace, name)
  if (set === undefined) return
  let refusal: StatusError | undefined
  if (!isTerminating(set)) {
    const active = podsControlledBy(context.store, set).filter(isActive)
    const missing = (set.spec.replicas ?? 0) - active.length
    if (missing > 0) refusal = createPods(context, set, Math.min(missing, mostAtOnce))
    if (missing < 0) deletePods(context, set, active, -missing)
  }
  reportStatus(context, queue, set, refusal)
  if (refusal !== undefined) throw refusal
}

/** In batches of 1, 2, 4, …: when the first pod is refused, the rest is not tried. */
function createPods(context: ControllerContext, set: ReplicaSet, count: number): StatusError | undefined {
  for (let created = 0; created < count; created++) {
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: '',
        generateName: `${set.metadata.name}-`,
        namespace: set.metadata.namespace,
        labels: { ...set.spec.template.metadata?.labels },
        ...(set.spec.template.metadata?.annotations
          ? { annotations: { ...set.spec.template.metadata.annotations } }
          : {}),
        ownerReferences: [ownerReferenceTo(set)],
      },
      spec: structuredClone(set.spec.template.spec),
    }
    try {
      const made = context.store.create('pods', pod, writer)
      context.events.normal(source, set, 'SuccessfulCreate', `Created pod: ${made.metadata.name}`)
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      context.events.warning(source, set, 'FailedCreate', `Error creating: ${error.message}`)
      return error
    }
  }
  return undefined
}

function deletePods(context: ControllerContext, set: ReplicaSet, active: Pod[], count: number): void {
  const related = siblings(context, set)
  const crowding = (pod: Pod) => related.filter((other) => other.spec.nodeName === pod.spec.nodeName).length
  for (const pod of rankVictims(active, crowding).slice(0, Math.min(count, mostAtOnce))) {
    context.store.delete('pods', pod.metadata.namespace, pod.metadata.name)
    context.events.normal(source, set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
  }
}

/** Active pods of all sets with the same owner: a rollout's old and new pods count together. */
function siblings(context: ControllerContext, set: ReplicaSet): Pod[] {
  const owner = controllerOf(set)?.uid
  const sets = context.store
    .list(resource, { namespace: set.metadata.namespace })
    .filter((other) => other.metadata.uid === set.metadata.uid || (owner && controllerOf(other)?.uid === owner))
  return sets.flatMap((other) => podsControlledBy(context.store, other)).filter(isActive)
}

function reportStatus(
  context: ControllerContext,
  queue: WorkQueue,
  set: ReplicaSet,
  refusal: StatusError | undefined,
): void {
  const { store, clock } = context
  const nowMs = clock.now()
  const pods = podsControlledBy(store, set)
  const active = pods.filter(isActive)
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  const labels = Object.entries(set.spec.template.metadata?.labels ?? {})
  const conditions = failureConditions(set, refusal, timestamp(clock.date()))
  writeStatus(store, resource, set, {
    replicas: active.length,
    fullyLabeledReplicas: active.filter((pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value))
      .length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter((pod) => isAvailable(pod, minReadySeconds, nowMs)).length,
    terminatingReplicas: pods.filter(isTerminating).length,
    observedGeneration: set.metadata.generation,
    ...(conditions.length > 0 ? { conditions } : {}),
  })
  const waiting = active.flatMap((pod) => {
    const since = readySince(pod)
    return since === undefined || isAvailable(pod, minReadySeconds, nowMs) ? [] : [since + minReadySeconds * 1000]
  })
  if (waiting.length > 0) queue.add(keyOf(set), Math.max(0, Math.min(...waiting) - nowMs))
}

function failureConditions(set: ReplicaSet, refusal: StatusError | undefined, now: string): Condition[] {
  const others = (set.status?.conditions ?? []).filter((condition) => condition.type !== 'ReplicaFailure')
  const known = set.status?.conditions?.filter((condition) => condition.type === 'ReplicaFailure') ?? []
  if (refusal === undefined) return others
  const failure: Condition = {
    type: 'ReplicaFailure',
    status: 'True',
    reason: 'FailedCreate',
    message: refusal.message,
  }
  return [...others, ...withCondition(known, failure, now)]
}
