import type { MetricDescription, SeriesDatabase } from '../../metrics/database.ts'

const families: [name: string, type: MetricDescription['type'], help: string][] = [
  ['up', 'gauge', '1 if the target answers its health check.'],
  ['http_requests_total', 'counter', 'Requests answered, by method and status code.'],
  ['http_request_duration_seconds', 'histogram', 'Time to answer a request.'],
  ['container_cpu_usage_seconds_total', 'counter', 'CPU time consumed.'],
  ['container_memory_working_set_bytes', 'gauge', 'Memory in use that cannot be reclaimed.'],
  ['queue_depth', 'gauge', 'Messages that wait in a queue.'],
  ['kube_deployment_created', 'gauge', 'Unix time of creation.'],
  ['kube_deployment_spec_replicas', 'gauge', 'Replicas asked for.'],
  ['kube_deployment_status_replicas', 'gauge', 'Replicas that exist.'],
  ['kube_deployment_status_replicas_ready', 'gauge', 'Replicas that are ready.'],
  ['kube_deployment_status_replicas_available', 'gauge', 'Replicas that are available.'],
  ['kube_deployment_status_replicas_unavailable', 'gauge', 'Replicas that are not available.'],
  ['kube_deployment_status_replicas_updated', 'gauge', 'Replicas of the newest template.'],
  ['kube_deployment_status_observed_generation', 'gauge', 'Generation the controller has seen.'],
  ['kube_deployment_metadata_generation', 'gauge', 'Generation of the wanted state.'],
  ['kube_pod_status_ready', 'gauge', '1 if the pod is ready.'],
  ['kube_pod_container_status_restarts_total', 'counter', 'Restarts of a container.'],
  ['kube_pod_container_status_waiting_reason', 'gauge', 'Why a container waits.'],
  ['kube_pod_container_status_last_terminated_reason', 'gauge', 'Why a container ended last.'],
  ['kube_pod_container_resource_requests', 'gauge', 'Requested resources (cores, bytes).'],
  ['kube_pod_container_resource_limits', 'gauge', 'Limited resources (cores, bytes).'],
  ['kube_horizontalpodautoscaler_spec_min_replicas', 'gauge', 'Fewest replicas.'],
  ['kube_horizontalpodautoscaler_spec_max_replicas', 'gauge', 'Most replicas.'],
  ['kube_horizontalpodautoscaler_status_current_replicas', 'gauge', 'Replicas now.'],
  ['kube_horizontalpodautoscaler_status_desired_replicas', 'gauge', 'Replicas wanted by the autoscaler.'],
  ['kube_node_status_condition_ready', 'gauge', '1 if the node is ready.'],
]

/** Types and help of everything the sandbox measures. */
export function describeMetrics(database: SeriesDatabase): void {
  for (const [name, type, help] of families) database.describe(name, type, help)
}
