import type { Deployment, ReplicaSet } from '../../store/kinds.ts'
import type { ControllerContext } from '../context.ts'
import { isActive, isControlledBy, isTerminating, podsControlledBy } from '../objects.ts'
import { keyOf, splitKey, WorkQueue } from '../work-queue.ts'
import { writeStatus } from '../write.ts'
import { newSetSize, oldSetSizes, rolloutBounds } from './arithmetic.ts'
import { isScalingOnly, resizeSets } from './resize.ts'
import { expiredSets, findNewSet } from './revisions.ts'
import { ensureNewSet, scaleSet, sizeOf } from './sets.ts'
import { progressDeadlineMs, rolloutStatus, setProgress } from './status.ts'

const deployments = 'apps/deployments'

/** Rolls Deployments: makes and sizes their ReplicaSets and reports how far it got. @returns a function that stops it */
export function startDeploymentController(context: ControllerContext): () => void {
  const { store, clock, onError } = context
  const queue = new WorkQueue({
    clock,
    delayMs: 40,
    retryMs: 50,
    longestRetryMs: 60_000,
    onError,
    reconcile: (key) => reconcile(context, queue, ...splitKey(key)),
  })
  for (const deployment of store.list(deployments)) queue.add(keyOf(deployment))
  const unsubscribe = store.onChange(({ resource, object, type }) => {
    if (resource === deployments && type !== 'DELETED') queue.add(keyOf(object))
    const owner =
      resource === 'apps/replicasets' ? object.metadata.ownerReferences?.find((each) => each.controller) : undefined
    if (owner?.kind === 'Deployment') queue.add(`${object.metadata.namespace}/${owner.name}`)
    // Recreate waits until the old pods are really gone.
    if (resource === 'pods' && type === 'DELETED') {
      for (const deployment of store.list(deployments, { namespace: object.metadata.namespace })) {
        if (deployment.spec.strategy?.type === 'Recreate') queue.add(keyOf(deployment))
      }
    }
  })
  return () => {
    unsubscribe()
    queue.clear()
  }
}

function setsOf(context: ControllerContext, deployment: Deployment): ReplicaSet[] {
  return context.store
    .list('apps/replicasets', { namespace: deployment.metadata.namespace })
    .filter((set) => isControlledBy(set, deployment))
}

function reconcile(context: ControllerContext, queue: WorkQueue, namespace: string, name: string): void {
  const deployment = context.store.get(deployments, namespace, name)
  if (deployment === undefined) return
  const sets = setsOf(context, deployment)
  if (isTerminating(deployment)) {
    reportStatus(context, queue, deployment, sets)
    return
  }
  const known = findNewSet(deployment, sets)
  markPaused(context, deployment)
  if (deployment.spec.paused || isScalingOnly(deployment, sets)) {
    resizeSets(context, deployment, sets, known)
  } else if (deployment.spec.strategy?.type === 'Recreate') {
    recreate(context, deployment, sets)
  } else {
    roll(context, deployment, sets)
  }
  const current = context.store.get(deployments, namespace, name)
  if (current !== undefined) reportStatus(context, queue, current, setsOf(context, current))
}

function roll(context: ControllerContext, deployment: Deployment, sets: ReplicaSet[]): void {
  const newSet = ensureNewSet(context, deployment, sets)
  const oldSets = sets.filter((set) => set.metadata.uid !== newSet.metadata.uid)
  const bounds = rolloutBounds(deployment)
  const desired = deployment.spec.replicas ?? 1
  const grown = newSetSize(desired, bounds, sizeOf(newSet), oldSets.map(sizeOf))
  if (grown !== newSet.spec.replicas) {
    scaleSet(context, deployment, newSet, grown)
    return
  }
  const sizes = oldSetSizes(desired, bounds, sizeOf(newSet), oldSets.map(sizeOf))
  for (const set of oldSets) {
    const size = sizes.get(set.metadata.name)
    if (size !== undefined) scaleSet(context, deployment, set, size)
  }
  if (sizes.size === 0) cleanUp(context, deployment, newSet, oldSets)
}

function recreate(context: ControllerContext, deployment: Deployment, sets: ReplicaSet[]): void {
  const known = findNewSet(deployment, sets)
  const oldSets = sets.filter((set) => set.metadata.uid !== known?.metadata.uid)
  const busy = oldSets.filter((set) => (set.spec.replicas ?? 0) > 0)
  for (const set of busy) scaleSet(context, deployment, set, 0)
  const oldPods = oldSets.flatMap((set) => podsControlledBy(context.store, set))
  if (busy.length > 0 || oldPods.some((pod) => isActive(pod) || isTerminating(pod))) return
  const newSet = ensureNewSet(context, deployment, sets)
  const desired = deployment.spec.replicas ?? 1
  if (newSet.spec.replicas !== desired) scaleSet(context, deployment, newSet, desired)
  else cleanUp(context, deployment, newSet, oldSets)
}

function cleanUp(context: ControllerContext, deployment: Deployment, newSet: ReplicaSet, oldSets: ReplicaSet[]): void {
  if ((newSet.status?.availableReplicas ?? 0) < (deployment.spec.replicas ?? 1)) return
  for (const set of expiredSets(deployment, oldSets)) {
    context.store.delete('apps/replicasets', set.metadata.namespace, set.metadata.name)
  }
}

function markPaused(context: ControllerContext, deployment: Deployment): void {
  if (deployment.spec.progressDeadlineSeconds === undefined) return
  const progressing = deployment.status?.conditions?.find((condition) => condition.type === 'Progressing')
  const isMarked = progressing?.reason === 'DeploymentPaused'
  // What timed out stays timed out; pausing does not hide it.
  if (progressing?.reason === 'ProgressDeadlineExceeded' || isMarked === (deployment.spec.paused === true)) return
  const condition = deployment.spec.paused
    ? { reason: 'DeploymentPaused', message: 'Deployment is paused' }
    : { reason: 'DeploymentResumed', message: 'Deployment is resumed' }
  const { namespace, name } = deployment.metadata
  context.store.modify(
    deployments,
    namespace,
    name,
    (draft) => {
      draft.status = {
        ...draft.status,
        conditions: setProgress(
          draft.status?.conditions,
          { type: 'Progressing', status: 'Unknown', ...condition },
          context.clock.now(),
          false,
        ),
      }
    },
    { subresource: 'status', fieldManager: 'kube-controller-manager' },
  )
}

function reportStatus(context: ControllerContext, queue: WorkQueue, deployment: Deployment, sets: ReplicaSet[]): void {
  const nowMs = context.clock.now()
  const status = rolloutStatus(deployment, sets, findNewSet(deployment, sets), nowMs)
  const written = writeStatus(context.store, deployments, deployment, status)
  const deadlineMs = progressDeadlineMs(written)
  if (deadlineMs !== undefined) queue.add(keyOf(written), Math.max(0, deadlineMs - nowMs) + 1000)
}
