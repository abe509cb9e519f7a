import type { Deployment, ReplicaSet } from '../../store/kinds.ts'
import type { ControllerContext } from '../context.ts'
import { proportionalSizes, rolloutBounds } from './arithmetic.ts'
import { annotations } from './revisions.ts'
import { scaleSet, sizeOf } from './sets.ts'

const annotated = (set: ReplicaSet, name: string) => Number(set.metadata.annotations?.[name] ?? 0)

/** Whether only the size changed since the running sets were sized: then sets keep their shares, nothing rolls. */
export function isScalingOnly(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return sets.some(
    (set) =>
      (set.spec.replicas ?? 0) > 0 &&
      set.metadata.annotations?.[annotations.desiredReplicas] !== undefined &&
      annotated(set, annotations.desiredReplicas) !== (deployment.spec.replicas ?? 1),
  )
}

/** Sizes the sets of a paused or rescaled deployment without moving the rollout on. */
export function resizeSets(
  context: ControllerContext,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
): void {
  const desired = deployment.spec.replicas ?? 1
  const active = sets.filter((set) => (set.spec.replicas ?? 0) > 0)
  const only = active.length > 1 ? undefined : (active[0] ?? newSet)
  if (only !== undefined || active.length === 0) {
    if (only !== undefined) scaleSet(context, deployment, only, desired)
    return
  }
  if (newSet !== undefined && isSaturated(newSet, desired)) {
    for (const set of active) if (set !== newSet) scaleSet(context, deployment, set, 0)
    return
  }
  if (deployment.spec.strategy?.type === 'Recreate') return
  const largestFirst = [...active].sort((left, right) => (right.spec.replicas ?? 0) - (left.spec.replicas ?? 0))
  const sizes = proportionalSizes(
    desired,
    rolloutBounds(deployment),
    largestFirst.map((set) => ({ ...sizeOf(set), annotatedMost: annotated(set, annotations.maxReplicas) })),
  )
  for (const set of largestFirst) {
    scaleSet(context, deployment, set, sizes.get(set.metadata.name) ?? set.spec.replicas ?? 0)
  }
}

function isSaturated(set: ReplicaSet, desired: number): boolean {
  return (
    set.spec.replicas === desired &&
    annotated(set, annotations.desiredReplicas) === desired &&
    set.status?.availableReplicas === desired
  )
}
