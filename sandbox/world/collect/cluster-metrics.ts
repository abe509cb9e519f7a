import { conditionOf, isReady } from '../../controllers/objects.ts'
import type { Labels, TimeSeries } from '../../metrics/time-series.ts'
import type { Deployment, HorizontalPodAutoscaler, Pod } from '../../store/kinds.ts'
import type { ObjectStore } from '../../store/object-store.ts'
import { parseQuantity } from '../../store/quantity.ts'
import type { KubeObject } from '../../store/types.ts'
import type { Recorder } from './recorder.ts'

type Value = [metric: string, value: number, labels?: Labels]

/** What kube-state-metrics would say about the cluster's objects, under its names and labels. */
export class ClusterMetrics {
  readonly #recorder: Recorder
  readonly #store: ObjectStore
  readonly #written = new Map<TimeSeries, number>()
  readonly #series = new Map<string, Map<string, TimeSeries>>()

  constructor(recorder: Recorder, store: ObjectStore) {
    this.#recorder = recorder
    this.#store = store
  }

  /** @param unchanged nothing happened to the cluster since the last round: the same values again */
  record(unchanged: boolean): void {
    if (unchanged) {
      for (const [series, value] of this.#written) this.#recorder.write(series, value)
      return
    }
    this.#written.clear()
    for (const deployment of this.#store.list('apps/deployments')) {
      this.#write(deployment, 'deployment', deploymentValues(deployment))
    }
    for (const pod of this.#store.list('pods')) this.#write(pod, 'pod', podValues(pod))
    for (const autoscaler of this.#store.list('autoscaling/horizontalpodautoscalers')) {
      this.#write(autoscaler, 'horizontalpodautoscaler', autoscalerValues(autoscaler))
    }
    for (const node of this.#store.list('nodes')) {
      const ready = conditionOf(node.status?.conditions, 'Ready')?.status === 'True'
      this.#write(node, 'node', [['kube_node_status_condition_ready', ready ? 1 : 0]])
    }
  }

  #write(object: KubeObject, kind: string, values: Value[]): void {
    const uid = object.metadata.uid ?? ''
    let known = this.#series.get(uid)
    if (known === undefined) {
      known = new Map()
      this.#series.set(uid, known)
    }
    for (const [metric, value, extra] of values) {
      const key = extra === undefined ? metric : metric + Object.values(extra).join()
      let series = known.get(key)
      if (series === undefined) {
        const { namespace, name } = object.metadata
        const labels = { ...(namespace === undefined ? {} : { namespace }), [kind]: name, ...extra }
        series = this.#recorder.series(metric, labels, metric.endsWith('_total') ? 'counter' : 'state')
        known.set(key, series)
      }
      this.#recorder.write(series, value)
      this.#written.set(series, value)
    }
  }

  /** Forgets objects that are gone; call it now and then. */
  forgetGone(): void {
    const live = new Set<string>()
    for (const { object } of this.#store.everything()) live.add(object.metadata.uid ?? '')
    for (const uid of this.#series.keys()) if (!live.has(uid)) this.#series.delete(uid)
  }
}

function deploymentValues({ metadata, spec, status }: Deployment): Value[] {
  return [
    ['kube_deployment_created', Date.parse(metadata.creationTimestamp ?? '') / 1000],
    ['kube_deployment_spec_replicas', spec.replicas ?? 1],
    ['kube_deployment_status_replicas', status?.replicas ?? 0],
    ['kube_deployment_status_replicas_ready', status?.readyReplicas ?? 0],
    ['kube_deployment_status_replicas_available', status?.availableReplicas ?? 0],
    ['kube_deployment_status_replicas_unavailable', status?.unavailableReplicas ?? 0],
    ['kube_deployment_status_replicas_updated', status?.updatedReplicas ?? 0],
    ['kube_deployment_status_observed_generation', status?.observedGeneration ?? 0],
    ['kube_deployment_metadata_generation', metadata.generation ?? 0],
  ]
}

const amounts = new Map<string, number>()

/** Quantities repeat: every pod of a service asks for the same. */
function amountOf(quantity: string): number {
  let amount = amounts.get(quantity)
  if (amount === undefined) {
    amount = parseQuantity(quantity)
    amounts.set(quantity, amount)
  }
  return amount
}

function podValues(pod: Pod): Value[] {
  const values: Value[] = [['kube_pod_status_ready', isReady(pod) ? 1 : 0, { condition: 'true' }]]
  for (const { name: container, resources } of pod.spec.containers) {
    for (const [side, given] of [
      ['requests', resources?.requests],
      ['limits', resources?.limits],
    ] as const) {
      for (const [resource, quantity] of Object.entries(given ?? {})) {
        const unit = resource === 'cpu' ? 'core' : 'byte'
        values.push([`kube_pod_container_resource_${side}`, amountOf(quantity), { container, resource, unit }])
      }
    }
  }
  for (const { name: container, restartCount, state, lastState } of pod.status?.containerStatuses ?? []) {
    values.push(['kube_pod_container_status_restarts_total', restartCount, { container }])
    const waiting = state?.waiting?.reason
    if (waiting !== undefined) {
      values.push(['kube_pod_container_status_waiting_reason', 1, { container, reason: waiting }])
    }
    const ended = lastState?.terminated?.reason
    if (ended !== undefined) {
      values.push(['kube_pod_container_status_last_terminated_reason', 1, { container, reason: ended }])
    }
  }
  return values
}

function autoscalerValues({ spec, status }: HorizontalPodAutoscaler): Value[] {
  return [
    ['kube_horizontalpodautoscaler_spec_min_replicas', spec.minReplicas ?? 1],
    ['kube_horizontalpodautoscaler_spec_max_replicas', spec.maxReplicas],
    ['kube_horizontalpodautoscaler_status_current_replicas', status?.currentReplicas ?? 0],
    ['kube_horizontalpodautoscaler_status_desired_replicas', status?.desiredReplicas ?? 0],
  ]
}
