import type { Condition, Pod, PodTemplate } from './pod-kinds.ts'
import type { KubeObject } from './types.ts'

export type * from './pod-kinds.ts'

/** The parts of the built-in kinds that the sandbox reads and writes; everything else rides along untyped. */

export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'; values?: string[] }[]
}

export interface DeploymentStrategy {
  type?: 'RollingUpdate' | 'Recreate'
  rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string }
}

export interface Deployment extends KubeObject {
  spec: {
    replicas?: number
    selector: LabelSelector
    template: PodTemplate
    strategy?: DeploymentStrategy
    minReadySeconds?: number
    revisionHistoryLimit?: number
    progressDeadlineSeconds?: number
    paused?: boolean
  }
  status?: {
    observedGeneration?: number
    replicas?: number
    updatedReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    unavailableReplicas?: number
    terminatingReplicas?: number
    collisionCount?: number
    conditions?: Condition[]
  }
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; minReadySeconds?: number; selector: LabelSelector; template: PodTemplate }
  status?: {
    replicas: number
    fullyLabeledReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    terminatingReplicas?: number
    observedGeneration?: number
    conditions?: Condition[]
  }
}

export interface Node extends KubeObject {
  spec: { unschedulable?: boolean; podCIDR?: string; taints?: { key: string; value?: string; effect: string }[] }
  status?: {
    capacity?: Record<string, string>
    allocatable?: Record<string, string>
    conditions?: (Condition & { lastHeartbeatTime?: string })[]
    addresses?: { type: string; address: string }[]
    nodeInfo?: Record<string, unknown>
    images?: { names?: string[]; sizeBytes?: number }[]
  }
}

export interface Service extends KubeObject {
  spec: {
    type?: string
    clusterIP?: string
    clusterIPs?: string[]
    selector?: Record<string, string>
    ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string; nodePort?: number }[]
    [field: string]: unknown
  }
}

export interface MetricTarget {
  type: 'Utilization' | 'Value' | 'AverageValue'
  averageUtilization?: number
  averageValue?: string
  value?: string
}

export interface ScalingRules {
  stabilizationWindowSeconds?: number
  selectPolicy?: 'Max' | 'Min' | 'Disabled'
  policies?: { type: 'Pods' | 'Percent'; value: number; periodSeconds: number }[]
}

export interface HorizontalPodAutoscaler extends KubeObject {
  spec: {
    scaleTargetRef: { apiVersion?: string; kind: string; name: string }
    minReplicas?: number
    maxReplicas: number
    metrics?: { type: string; resource?: { name: string; target: MetricTarget }; [source: string]: unknown }[]
    behavior?: { scaleUp?: ScalingRules; scaleDown?: ScalingRules }
  }
  status?: {
    observedGeneration?: number
    lastScaleTime?: string
    currentReplicas?: number
    desiredReplicas: number
    currentMetrics?: Record<string, unknown>[] | null
    conditions?: Condition[]
  }
}

export interface ObjectReference {
  apiVersion?: string
  kind?: string
  name?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  fieldPath?: string
}

/** core/v1 form; the API shows the same object as events.k8s.io/v1 too. */
export interface KubeEvent extends KubeObject {
  involvedObject: ObjectReference
  type?: 'Normal' | 'Warning'
  reason?: string
  message?: string
  count?: number
  firstTimestamp?: string | null
  lastTimestamp?: string | null
  eventTime?: string | null
  source?: { component?: string; host?: string }
  reportingComponent?: string
  reportingInstance?: string
}

export interface ResourceQuota extends KubeObject {
  spec: { hard?: Record<string, string> }
  status?: { hard?: Record<string, string>; used?: Record<string, string> }
}

/** Store resource → the type its objects have; anything else is a plain KubeObject. */
export interface KindsByResource {
  pods: Pod
  nodes: Node
  services: Service
  events: KubeEvent
  resourcequotas: ResourceQuota
  'apps/deployments': Deployment
  'apps/replicasets': ReplicaSet
  'autoscaling/horizontalpodautoscalers': HorizontalPodAutoscaler
}

export type KindOf<R extends string> = R extends keyof KindsByResource ? KindsByResource[R] : KubeObject
