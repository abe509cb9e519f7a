import type { HorizontalPodAutoscaler, ScalingRules } from '../../store/kinds.ts'

/** One pod as the autoscaler sees it. */
export interface MeasuredPod {
  ready: boolean
  /** Cores; undefined while nothing was measured yet. */
  usage: number | undefined
  /** Cores. */
  request: number
}

const tolerance = 0.1

export interface Proposal {
  replicas: number
  /** Percent of the requests, rounded down as kubectl shows it; undefined when nothing could be measured. */
  utilization: number | undefined
}

/**
 * Replicas that bring utilisation to the target: ceil(pods × ratio), unchanged within 10 %; pods that are not ready
 * or not measured count as idle when growing and as fully used when shrinking, and never turn the direction round
 * (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details).
 */
export function proposeReplicas(current: number, target: number, pods: readonly MeasuredPod[]): Proposal {
  const measured = pods.filter((pod) => pod.ready && pod.usage !== undefined)
  const request = measured.reduce((sum, pod) => sum + pod.request, 0)
  if (measured.length === 0 || request === 0) return { replicas: current, utilization: undefined }
  const usage = measured.reduce((sum, pod) => sum + (pod.usage ?? 0), 0)
  const utilization = Math.floor((usage * 100) / request)
  const ratio = utilization / target
  const others = pods.filter((pod) => !measured.includes(pod))
  if (others.length === 0) {
    return { replicas: within(ratio) ? current : Math.ceil(measured.length * ratio), utilization }
  }
  const assumed = others.reduce((sum, pod) => {
    if (ratio > 1) return sum
    return sum + (pod.ready ? pod.request * (target / 100) : 0)
  }, usage)
  const counted = ratio > 1 ? pods : pods.filter((pod) => measured.includes(pod) || pod.ready)
  const adjusted = (assumed * 100) / counted.reduce((sum, pod) => sum + pod.request, 0) / target
  const turned = ratio > 1 !== adjusted > 1
  if (within(adjusted) || turned) return { replicas: current, utilization }
  const replicas = Math.ceil(counted.length * adjusted)
  const wrongWay = adjusted < 1 ? replicas > current : replicas < current
  return { replicas: wrongWay ? current : replicas, utilization }
}

function within(ratio: number): boolean {
  return Math.abs(1 - ratio) <= tolerance
}

export interface Past {
  timeMs: number
  replicas: number
}

const defaultUp: Required<ScalingRules> = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Percent', value: 100, periodSeconds: 15 },
    { type: 'Pods', value: 4, periodSeconds: 15 },
  ],
}
const defaultDown: Required<ScalingRules> = {
  stabilizationWindowSeconds: 300,
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
}

export function rulesOf(autoscaler: HorizontalPodAutoscaler): {
  up: Required<ScalingRules>
  down: Required<ScalingRules>
} {
  const { scaleUp, scaleDown } = autoscaler.spec.behavior ?? {}
  return { up: { ...defaultUp, ...scaleUp }, down: { ...defaultDown, ...scaleDown } }
}

/** Grows only to the least, shrinks only to the most that was recommended within the windows. */
export function stabilize(
  current: number,
  proposed: number,
  recommendations: readonly Past[],
  rules: { up: Required<ScalingRules>; down: Required<ScalingRules> },
  nowMs: number,
): number {
  const since = (seconds: number) =>
    recommendations.filter((past) => past.timeMs > nowMs - seconds * 1000).map((past) => past.replicas)
  const up = Math.min(proposed, ...since(rules.up.stabilizationWindowSeconds))
  const down = Math.max(proposed, ...since(rules.down.stabilizationWindowSeconds))
  return Math.max(up, Math.min(current, down))
}

/**
 * The furthest the rules let the size go at once, given what was changed within each policy's period.
 * @param changes signed changes of the size, newest last
 */
export function limitRate(
  current: number,
  proposed: number,
  changes: readonly Past[],
  rules: { up: Required<ScalingRules>; down: Required<ScalingRules> },
  nowMs: number,
): number {
  if (proposed === current) return current
  const up = proposed > current
  const rule = up ? rules.up : rules.down
  if (rule.selectPolicy === 'Disabled') return current
  const limits = rule.policies.map((policy) => {
    const within = changes.filter(
      (change) => change.timeMs > nowMs - policy.periodSeconds * 1000 && change.replicas > 0 === up,
    )
    const before = current - within.reduce((sum, change) => sum + change.replicas, 0)
    const amount = policy.type === 'Pods' ? policy.value : (before * policy.value) / 100
    return up ? Math.ceil(before + amount) : Math.floor(before - amount)
  })
  const widest = (rule.selectPolicy === 'Max') === up ? Math.max(...limits) : Math.min(...limits)
  return up ? Math.max(current, Math.min(proposed, widest)) : Math.min(current, Math.max(proposed, widest))
}
