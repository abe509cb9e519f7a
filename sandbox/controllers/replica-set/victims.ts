import type { Pod } from '../../store/kinds.ts'
import { readySince } from '../objects.ts'

const phaseRank: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 }

/**
 * Pods in the order in which a ReplicaSet gives them up: not placed, not running, not ready, lower deletion cost,
 * crowded on a node, ready for a shorter time, more restarts, younger.
 * @param crowding how many pods of the same owner run on the pod's node
 */
export function rankVictims(pods: readonly Pod[], crowding: (pod: Pod) => number): Pod[] {
  const rank = (pod: Pod): number[] => {
    const since = readySince(pod)
    return [
      pod.spec.nodeName === undefined ? 0 : 1,
      phaseRank[pod.status?.phase ?? 'Pending'] ?? 1,
      since === undefined ? 0 : 1,
      Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0,
      -crowding(pod),
      -(since ?? 0),
      -Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount)),
      -Date.parse(pod.metadata.creationTimestamp ?? ''),
    ]
  }
  const ranked = pods.map((pod) => ({ pod, rank: rank(pod) }))
  ranked.sort((left, right) => {
    for (const [index, value] of left.rank.entries()) {
      const other = right.rank[index] ?? 0
      if (value !== other) return value - other
    }
    return left.pod.metadata.name < right.pod.metadata.name ? -1 : 1
  })
  return ranked.map(({ pod }) => pod)
}
