import type { Condition, HorizontalPodAutoscaler, Pod } from '../../store/kinds.ts'
import { matchesLabels, requirementsOf } from '../../store/selectors.ts'
import { timestamp } from '../../store/timestamp.ts'
import type { ControllerContext } from '../context.ts'
import { isActive, isReady, withCondition } from '../objects.ts'
import { requestsOf } from '../scheduler.ts'
import { writeStatus } from '../write.ts'
import { limitRate, type Past, proposeReplicas, rulesOf, stabilize } from './recommendation.ts'

const resource = 'autoscaling/horizontalpodautoscalers'
const source = { component: 'horizontal-pod-autoscaler' }
const syncMs = 15_000
const rememberMs = 3_600_000

interface Memory {
  recommendations: Past[]
  changes: Past[]
}

/**
 * Scales Deployments by CPU utilisation every 15 s, as autoscaling/v2 does.
 * @param cpuCores what a pod uses now, or undefined while nothing was measured
 * @returns a function that stops it
 */
export function startAutoscaler(context: ControllerContext, cpuCores: (pod: Pod) => number | undefined): () => void {
  const memories = new Map<string, Memory>()
  const timer = context.clock.every(syncMs, () => {
    for (const autoscaler of context.store.list(resource)) {
      const uid = autoscaler.metadata.uid ?? ''
      const memory = memories.get(uid) ?? { recommendations: [], changes: [] }
      memories.set(uid, memory)
      try {
        sync(context, autoscaler, memory, cpuCores)
      } catch (error) {
        context.onError(error)
      }
    }
  })
  return () => timer.cancel()
}

function sync(
  context: ControllerContext,
  autoscaler: HorizontalPodAutoscaler,
  memory: Memory,
  cpuCores: (pod: Pod) => number | undefined,
): void {
  const { store, clock } = context
  const nowMs = clock.now()
  const { namespace } = autoscaler.metadata
  const target = store.get('apps/deployments', namespace, autoscaler.spec.scaleTargetRef.name)
  if (target === undefined) {
    writeFailedTarget(context, autoscaler)
    return
  }
  const current = target.spec.replicas ?? 1
  const percent =
    autoscaler.spec.metrics?.find((metric) => metric.resource?.name === 'cpu')?.resource?.target.averageUtilization ??
    80
  const selector = requirementsOf(target.spec.selector)
  const pods = store
    .list('pods', { namespace })
    .filter((pod) => isActive(pod) && matchesLabels(pod.metadata.labels, selector))
  const measured = pods.map((pod) => ({ ready: isReady(pod), usage: cpuCores(pod), request: requestsOf(pod).cpu }))
  const proposal = proposeReplicas(current, percent, measured)
  const outcome = decide(autoscaler, memory, current, proposal.replicas, nowMs)
  // At zero replicas the autoscaler is switched off.
  const desired = current === 0 ? 0 : outcome.desired
  if (desired !== current) {
    const word =
      desired > current ? 'cpu resource utilization (percentage of request) above target' : 'All metrics below target'
    store.modify(
      'apps/deployments',
      namespace,
      target.metadata.name,
      (draft) => {
        draft.spec.replicas = desired
      },
      { fieldManager: 'kube-controller-manager', subresource: 'scale' },
    )
    memory.changes.push({ timeMs: nowMs, replicas: desired - current })
    context.events.normal(source, autoscaler, 'SuccessfulRescale', `New size: ${desired}; reason: ${word}`)
  }
  memory.changes = memory.changes.filter((change) => change.timeMs > nowMs - rememberMs)
  writeStatus(context.store, resource, autoscaler, {
    observedGeneration: autoscaler.metadata.generation,
    ...(desired === current ? lastScale(autoscaler) : { lastScaleTime: timestamp(clock.date()) }),
    currentReplicas: current,
    desiredReplicas: desired,
    currentMetrics:
      proposal.utilization === undefined
        ? null
        : [{ type: 'Resource', resource: { name: 'cpu', current: describeUsage(measured, proposal.utilization) } }],
    conditions: describe(autoscaler, current, proposal.utilization, outcome, timestamp(clock.date())),
  })
}

function lastScale(autoscaler: HorizontalPodAutoscaler) {
  const lastScaleTime = autoscaler.status?.lastScaleTime
  return lastScaleTime === undefined ? {} : { lastScaleTime }
}

function describeUsage(measured: { usage: number | undefined }[], utilization: number) {
  const used = measured.flatMap((pod) => pod.usage ?? [])
  const average = used.reduce((sum, usage) => sum + usage, 0) / Math.max(1, used.length)
  return { averageUtilization: utilization, averageValue: `${Math.round(average * 1000)}m` }
}

interface Outcome {
  desired: number
  stabilized: boolean
  limited: 'TooFewReplicas' | 'TooManyReplicas' | 'ScaleUpLimit' | 'ScaleDownLimit' | undefined
}

function decide(
  autoscaler: HorizontalPodAutoscaler,
  memory: Memory,
  current: number,
  proposed: number,
  nowMs: number,
): Outcome {
  const { minReplicas = 1, maxReplicas } = autoscaler.spec
  const rules = rulesOf(autoscaler)
  const stable = stabilize(current, proposed, memory.recommendations, rules, nowMs)
  memory.recommendations.push({ timeMs: nowMs, replicas: proposed })
  memory.recommendations = memory.recommendations.filter((past) => past.timeMs > nowMs - rememberMs)
  const rated = limitRate(current, stable, memory.changes, rules, nowMs)
  const desired = Math.min(maxReplicas, Math.max(minReplicas, rated))
  const limited =
    stable > maxReplicas && desired === maxReplicas
      ? 'TooManyReplicas'
      : stable < minReplicas && desired === minReplicas
        ? 'TooFewReplicas'
        : rated === stable
          ? undefined
          : rated < stable
            ? 'ScaleUpLimit'
            : 'ScaleDownLimit'
  return { desired, stabilized: stable !== proposed, limited }
}

const limitMessages = {
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
}

function describe(
  autoscaler: HorizontalPodAutoscaler,
  current: number,
  utilization: number | undefined,
  outcome: Outcome,
  now: string,
): Condition[] {
  const able: Condition = outcome.stabilized
    ? {
        type: 'AbleToScale',
        status: 'True',
        reason: 'ScaleDownStabilized',
        message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
      }
    : {
        type: 'AbleToScale',
        status: 'True',
        reason: 'ReadyForNewScale',
        message: 'recommended size matches current size',
      }
  const active: Condition =
    current === 0
      ? {
          type: 'ScalingActive',
          status: 'False',
          reason: 'ScalingDisabled',
          message: 'scaling is disabled since the replica count of the target is zero',
        }
      : utilization === undefined
        ? {
            type: 'ScalingActive',
            status: 'False',
            reason: 'FailedGetResourceMetric',
            message:
              'the HPA was unable to compute the replica count: failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)',
          }
        : {
            type: 'ScalingActive',
            status: 'True',
            reason: 'ValidMetricFound',
            message:
              'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
          }
  const limited: Condition =
    outcome.limited === undefined
      ? {
          type: 'ScalingLimited',
          status: 'False',
          reason: 'DesiredWithinRange',
          message: 'the desired count is within the acceptable range',
        }
      : { type: 'ScalingLimited', status: 'True', reason: outcome.limited, message: limitMessages[outcome.limited] }
  return [able, active, limited].reduce<Condition[]>(
    (conditions, condition) => withCondition(conditions, condition, now),
    autoscaler.status?.conditions ?? [],
  )
}

function writeFailedTarget(context: ControllerContext, autoscaler: HorizontalPodAutoscaler): void {
  const { name } = autoscaler.spec.scaleTargetRef
  const message = `the HPA controller was unable to get the target's current scale: deployments.apps "${name}" not found`
  const condition: Condition = { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message }
  const now = timestamp(context.clock.date())
  const conditions = withCondition(autoscaler.status?.conditions, condition, now)
  writeStatus(context.store, resource, autoscaler, { desiredReplicas: 0, ...autoscaler.status, conditions })
  context.events.warning(source, autoscaler, 'FailedGetScale', `deployments.apps "${name}" not found`)
}
