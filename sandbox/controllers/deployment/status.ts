import type { Condition, Deployment, ReplicaSet } from '../../store/kinds.ts'
import { timestamp } from '../../store/timestamp.ts'
import { conditionOf, withCondition } from '../objects.ts'
import { rolloutBounds } from './arithmetic.ts'

export type DeploymentStatus = NonNullable<Deployment['status']>

const sum = (sets: readonly ReplicaSet[], pick: (set: ReplicaSet) => number | undefined) =>
  sets.reduce((count, set) => count + (pick(set) ?? 0), 0)

/** The counters, and whether enough replicas are available. */
function countReplicas(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  nowMs: number,
): DeploymentStatus {
  const available = sum(sets, (set) => set.status?.availableReplicas)
  const desired = deployment.spec.replicas ?? 1
  const enough = available >= desired - rolloutBounds(deployment).maxUnavailable
  const condition: Condition = {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${enough ? 'has' : 'does not have'} minimum availability.`,
  }
  return {
    observedGeneration: deployment.metadata.generation,
    replicas: sum(sets, (set) => set.status?.replicas),
    updatedReplicas: newSet?.status?.replicas ?? 0,
    readyReplicas: sum(sets, (set) => set.status?.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(sets, (set) => set.spec.replicas) - available),
    terminatingReplicas: sum(sets, (set) => set.status?.terminatingReplicas),
    ...(deployment.status?.collisionCount === undefined ? {} : { collisionCount: deployment.status.collisionCount }),
    conditions: setProgress(deployment.status?.conditions, condition, nowMs, false),
  }
}

/** Sets a condition with both its times; lastUpdateTime moves when reason, status or (on request) nothing changed. */
export function setProgress(
  conditions: Condition[] | undefined,
  next: Condition,
  nowMs: number,
  touch: boolean,
): Condition[] {
  const known = conditionOf(conditions, next.type)
  const now = timestamp(new Date(nowMs))
  if (!touch && known?.status === next.status && known.reason === next.reason) return conditions ?? []
  return withCondition(conditions, { ...next, lastUpdateTime: now }, now)
}

function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const desired = deployment.spec.replicas ?? 1
  return (
    status.updatedReplicas === desired &&
    status.replicas === desired &&
    status.availableReplicas === desired &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}

function hasMoved(before: DeploymentStatus | undefined, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus | undefined) => (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0)
  return (
    (after.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before?.availableReplicas ?? 0)
  )
}

/** When the rollout will be called stuck, or undefined when there is nothing to wait for. */
export function progressDeadlineMs(deployment: Deployment): number | undefined {
  const seconds = deployment.spec.progressDeadlineSeconds
  const condition = conditionOf(deployment.status?.conditions, 'Progressing')
  if (seconds === undefined || condition === undefined || deployment.spec.paused === true) return undefined
  if (condition.reason === 'NewReplicaSetAvailable' || condition.reason === 'ProgressDeadlineExceeded') return undefined
  return Date.parse(condition.lastUpdateTime ?? '') + seconds * 1000
}

/**
 * The status after a sync of the rollout: counters, Available, Progressing with the reasons NewReplicaSetAvailable,
 * ReplicaSetUpdated and ProgressDeadlineExceeded, and ReplicaFailure taken over from the sets.
 */
export function rolloutStatus(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  nowMs: number,
): DeploymentStatus {
  const status = countReplicas(deployment, sets, newSet, nowMs)
  const subject =
    newSet === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${newSet.metadata.name}"`
  const progressing = conditionOf(status.conditions, 'Progressing')
  const settled = status.replicas === status.updatedReplicas && progressing?.reason === 'NewReplicaSetAvailable'
  const set = (condition: Omit<Condition, 'type'>, touch: boolean) => {
    status.conditions = setProgress(status.conditions, { type: 'Progressing', ...condition }, nowMs, touch)
  }
  // A paused rollout makes no progress to report: its condition says DeploymentPaused and stays.
  if (deployment.spec.progressDeadlineSeconds !== undefined && !settled && deployment.spec.paused !== true) {
    const deadline = progressDeadlineMs(deployment)
    if (isComplete(deployment, status)) {
      set(
        { status: 'True', reason: 'NewReplicaSetAvailable', message: `${subject} has successfully progressed.` },
        false,
      )
    } else if (hasMoved(deployment.status, status)) {
      set({ status: 'True', reason: 'ReplicaSetUpdated', message: `${subject} is progressing.` }, true)
    } else if (deadline !== undefined && deadline < nowMs) {
      set(
        { status: 'False', reason: 'ProgressDeadlineExceeded', message: `${subject} has timed out progressing.` },
        false,
      )
    }
  }
  const failure = sets.map((each) => conditionOf(each.status?.conditions, 'ReplicaFailure')).find(Boolean)
  const others = (status.conditions ?? []).filter((condition) => condition.type !== 'ReplicaFailure')
  status.conditions =
    failure === undefined ? others : setProgress([...others, ...keep(deployment)], failure, nowMs, false)
  return status
}

function keep(deployment: Deployment): Condition[] {
  const known = conditionOf(deployment.status?.conditions, 'ReplicaFailure')
  return known === undefined ? [] : [known]
}
