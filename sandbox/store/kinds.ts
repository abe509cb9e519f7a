import type { KubeObject } from './types.ts'

/** The parts of the built-in kinds that the sandbox reads and writes; everything else rides along untyped. */

export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'; values?: string[] }[]
}

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastTransitionTime?: string
  lastUpdateTime?: string
  lastProbeTime?: string
  observedGeneration?: number
}

export interface Probe {
  httpGet?: { path?: string; port: number | string; scheme?: string; host?: string }
  tcpSocket?: { port: number | string }
  exec?: { command?: string[] }
  grpc?: { port: number; service?: string }
  initialDelaySeconds?: number
  periodSeconds?: number
  timeoutSeconds?: number
  successThreshold?: number
  failureThreshold?: number
}

export interface Container {
  name: string
  image: string
  imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
  command?: string[]
  args?: string[]
  env?: { name: string; value?: string; valueFrom?: Record<string, unknown> }[]
  ports?: { name?: string; containerPort: number; protocol?: string }[]
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  livenessProbe?: Probe
  readinessProbe?: Probe
  startupProbe?: Probe
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[]
  terminationMessagePath?: string
  terminationMessagePolicy?: string
}

export interface PodSpec {
  containers: Container[]
  initContainers?: Container[]
  nodeName?: string
  nodeSelector?: Record<string, string>
  restartPolicy?: 'Always' | 'OnFailure' | 'Never'
  terminationGracePeriodSeconds?: number
  serviceAccountName?: string
  tolerations?: { key?: string; operator?: string; value?: string; effect?: string }[]
  volumes?: { name: string; [source: string]: unknown }[]
  [field: string]: unknown
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
  spec: PodSpec
}

export interface ContainerState {
  waiting?: { reason?: string; message?: string }
  running?: { startedAt?: string }
  terminated?: {
    exitCode: number
    signal?: number
    reason?: string
    message?: string
    startedAt?: string
    finishedAt?: string
    containerID?: string
  }
}

export interface ContainerStatus {
  name: string
  image: string
  imageID: string
  containerID?: string
  ready: boolean
  started?: boolean
  restartCount: number
  state?: ContainerState
  lastState?: ContainerState
}

export interface PodStatus {
  phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'
  conditions?: Condition[]
  message?: string
  reason?: string
  hostIP?: string
  podIP?: string
  podIPs?: { ip: string }[]
  startTime?: string
  qosClass?: string
  observedGeneration?: number
  initContainerStatuses?: ContainerStatus[]
  containerStatuses?: ContainerStatus[]
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status?: PodStatus
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
