import { createHash } from 'node:crypto'
import { isRecord, recordAt } from '../immutable.ts'
import type { Deployment, HorizontalPodAutoscaler, Pod, PodTemplate, ReplicaSet, Service } from '../kinds.ts'
import { resourceKey } from '../resources.ts'
import type { KubeObject, ResourceType } from '../types.ts'
import { defaultPod, defaultPodSpec } from './pod.ts'

type Rule = (object: KubeObject) => void

/** Fills in what the server fills in, by resource. Runs on every write, so that a field given up gets its default back. */
const RULES: Record<string, Rule> = {
  pods: (object) => defaultPod(object as Pod), // each rule's resource holds that kind only
  services: (object) => defaultService(object as Service),
  namespaces: defaultNamespace,
  secrets: defaultSecret,
  'apps/deployments': (object) => defaultDeployment(object as Deployment),
  'apps/replicasets': (object) => defaultReplicaSet(object as ReplicaSet),
  'apps/statefulsets': defaultStatefulSet,
  'apps/daemonsets': defaultDaemonSet,
  'batch/jobs': defaultJob,
  'batch/cronjobs': defaultCronJob,
  'autoscaling/horizontalpodautoscalers': (object) => defaultAutoscaler(object as HorizontalPodAutoscaler),
}

export function applyDefaults(type: ResourceType, object: KubeObject): void {
  RULES[resourceKey(type)]?.(object)
}

function defaultTemplate(template: PodTemplate | undefined): void {
  if (template?.spec) defaultPodSpec(template.spec)
}

function defaultDeployment({ spec }: Deployment): void {
  if (!spec) return
  spec.replicas ??= 1
  spec.revisionHistoryLimit ??= 10
  spec.progressDeadlineSeconds ??= 600
  spec.strategy ??= {}
  spec.strategy.type ??= 'RollingUpdate'
  if (spec.strategy.type === 'RollingUpdate') {
    spec.strategy.rollingUpdate = { maxSurge: '25%', maxUnavailable: '25%', ...spec.strategy.rollingUpdate }
  }
  defaultTemplate(spec.template)
}

function defaultReplicaSet({ spec }: ReplicaSet): void {
  if (!spec) return
  spec.replicas ??= 1
  defaultTemplate(spec.template)
}

/** Lays `defaults` under a section of an object that is otherwise untyped here. */
function fill(object: KubeObject, section: string, defaults: Record<string, unknown>): void {
  object[section] = { ...defaults, ...recordAt(object, section) }
}

/** The template of a workload that is stored only. */
function templateOf(section: Record<string, unknown>): PodTemplate | undefined {
  return isRecord(section.template) && isRecord(section.template.spec)
    ? (section.template as unknown as PodTemplate)
    : undefined // typed by its schema
}

function defaultStatefulSet(object: KubeObject): void {
  fill(object, 'spec', {
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  })
  defaultTemplate(templateOf(recordAt(object, 'spec')))
}

function defaultDaemonSet(object: KubeObject): void {
  const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
  fill(object, 'spec', { revisionHistoryLimit: 10, updateStrategy })
  defaultTemplate(templateOf(recordAt(object, 'spec')))
}

function defaultJob(object: KubeObject): void {
  fill(object, 'spec', {
    completions: 1,
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
  })
  defaultTemplate(templateOf(recordAt(object, 'spec')))
}

function defaultCronJob(object: KubeObject): void {
  const limits = { successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 }
  fill(object, 'spec', { concurrencyPolicy: 'Allow', suspend: false, ...limits })
}

function defaultNamespace(object: KubeObject): void {
  object.metadata.labels = { 'kubernetes.io/metadata.name': object.metadata.name, ...object.metadata.labels }
  fill(object, 'spec', { finalizers: ['kubernetes'] })
  fill(object, 'status', { phase: 'Active' })
}

function defaultSecret(object: KubeObject): void {
  object.type ??= 'Opaque'
  if (!isRecord(object.stringData)) return
  const encoded = Object.entries(object.stringData).map(([key, text]) => [
    key,
    Buffer.from(String(text)).toString('base64'),
  ])
  object.data = { ...recordAt(object, 'data'), ...Object.fromEntries(encoded) }
  delete object.stringData
}

function defaultService({ spec, metadata }: Service): void {
  if (!spec) return
  spec.type ??= 'ClusterIP'
  spec.sessionAffinity ??= 'None'
  if (spec.type === 'ExternalName') return
  spec.internalTrafficPolicy ??= 'Cluster'
  spec.ipFamilies ??= ['IPv4']
  spec.ipFamilyPolicy ??= 'SingleStack'
  spec.clusterIP ??= clusterAddress(metadata.uid ?? '')
  spec.clusterIPs ??= [spec.clusterIP]
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP'
    port.targetPort ??= port.port
  }
}

/** An address in the usual service range, from the uid so that a seed decides it. */
function clusterAddress(uid: string): string {
  const [high = 0, low = 0] = createHash('sha256').update(uid).digest()
  return `10.${96 + (high % 16)}.${low}.${1 + ((high + low) % 250)}`
}

function defaultAutoscaler({ spec }: HorizontalPodAutoscaler): void {
  if (!spec) return
  spec.minReplicas ??= 1
  spec.metrics ??= [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
  ]
  if (!spec.behavior) return
  const podsAndPercent = [
    { type: 'Pods' as const, value: 4, periodSeconds: 15 },
    { type: 'Percent' as const, value: 100, periodSeconds: 15 },
  ]
  spec.behavior.scaleUp = {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: podsAndPercent,
    ...spec.behavior.scaleUp,
  }
  const allAtOnce = [{ type: 'Percent' as const, value: 100, periodSeconds: 15 }]
  spec.behavior.scaleDown = { selectPolicy: 'Max', policies: allAtOnce, ...spec.behavior.scaleDown }
}
