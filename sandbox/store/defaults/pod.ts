import type { Container, Pod, PodSpec, Probe } from '../kinds.ts'

/** The server's defaults for a pod template's spec and for a pod's own. Changes `spec`. */
export function defaultPodSpec(spec: PodSpec): void {
  spec.restartPolicy ??= 'Always'
  spec.terminationGracePeriodSeconds ??= 30
  spec.dnsPolicy ??= 'ClusterFirst'
  spec.securityContext ??= {}
  spec.schedulerName ??= 'default-scheduler'
  if (spec.serviceAccountName !== undefined) spec.serviceAccount ??= spec.serviceAccountName
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) defaultContainer(container)
  for (const volume of spec.volumes ?? []) {
    if (Object.keys(volume).length === 1) volume.emptyDir = {}
    for (const source of [volume.configMap, volume.secret, volume.projected, volume.downwardAPI]) {
      // A source is an object or absent: decoding has seen to it.
      if (source) (source as { defaultMode?: number }).defaultMode ??= 0o644
    }
  }
}

function defaultContainer(container: Container): void {
  container.terminationMessagePath ??= '/dev/termination-log'
  container.terminationMessagePolicy ??= 'File'
  container.resources ??= {}
  if (container.image) container.imagePullPolicy ??= pullsAlways(container.image) ? 'Always' : 'IfNotPresent'
  for (const port of container.ports ?? []) port.protocol ??= 'TCP'
  for (const variable of container.env ?? []) {
    const field = variable.valueFrom?.fieldRef
    if (field) (field as { apiVersion?: string }).apiVersion ??= 'v1' // an object by its schema
  }
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) {
    if (probe) defaultProbe(probe)
  }
}

/** Only `:latest`, said or unsaid, is pulled on every start. */
function pullsAlways(image: string): boolean {
  if (image.includes('@')) return false
  const tag = image.slice(image.lastIndexOf('/') + 1).split(':')[1]
  return tag === undefined || tag === 'latest'
}

function defaultProbe(probe: Probe): void {
  probe.timeoutSeconds ??= 1
  probe.periodSeconds ??= 10
  probe.successThreshold ??= 1
  probe.failureThreshold ??= 3
  if (probe.httpGet) {
    probe.httpGet.path ??= '/'
    probe.httpGet.scheme ??= 'HTTP'
  }
}

/** What only a pod itself gets, not a template: requests from limits, the service account, tolerations, its first status. */
export function defaultPod(pod: Pod): void {
  defaultPodSpec(pod.spec)
  pod.spec.serviceAccountName ??= 'default'
  pod.spec.serviceAccount ??= pod.spec.serviceAccountName
  pod.spec.enableServiceLinks ??= true
  pod.spec.priority ??= 0
  pod.spec.preemptionPolicy ??= 'PreemptLowerPriority'
  for (const { resources } of pod.spec.containers ?? []) {
    if (resources?.limits) resources.requests = { ...resources.limits, ...resources.requests }
  }
  const tolerations = pod.spec.tolerations ?? []
  pod.spec.tolerations = tolerations
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    if (tolerations.some((toleration) => toleration.key === key)) continue
    tolerations.push(Object.assign({ key, operator: 'Exists', effect: 'NoExecute' }, { tolerationSeconds: 300 }))
  }
  pod.status ??= {}
  pod.status.phase ??= 'Pending'
  pod.status.qosClass ??= qualityOfService(pod.spec)
}

function qualityOfService(spec: PodSpec): string {
  const lists = (spec.containers ?? []).flatMap(({ resources }) =>
    ['cpu', 'memory'].map((name) => [resources?.requests?.[name], resources?.limits?.[name]]),
  )
  if (lists.every(([request, limit]) => !request && !limit)) return 'BestEffort'
  return lists.every(([request, limit]) => limit && request === limit) ? 'Guaranteed' : 'Burstable'
}
