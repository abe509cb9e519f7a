import { z } from 'zod'

/**
 * The parts of Kubernetes objects that this client reads, parsed at the edge; all else is dropped, which keeps lists of thousands
 * of pods small. Shapes: https://kubernetes.io/docs/reference/kubernetes-api/.
 */
const Metadata = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string().default(''),
  resourceVersion: z.string().default(''),
  generation: z.number().default(0),
  creationTimestamp: z.string().nullish(),
  deletionTimestamp: z.string().nullish(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string(), uid: z.string() })).default([]),
})

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
})

/** Loose: the whole template is compared to tell which ReplicaSet is the current one. */
const PodTemplate = z.looseObject({
  metadata: z
    .looseObject({
      labels: z.record(z.string(), z.string()).default({}),
      annotations: z.record(z.string(), z.string()).default({}),
    })
    .default({ labels: {}, annotations: {} }),
  spec: z.looseObject({
    containers: z.array(z.looseObject({ name: z.string(), image: z.string().default('') })).min(1),
  }),
})

const Selector = z.object({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
    .default([]),
})
export type Selector = z.infer<typeof Selector>

export const ManagedField = z.object({
  manager: z.string().default(''),
  operation: z.string().default(''),
  subresource: z.string().default(''),
  fieldsV1: z.record(z.string(), z.unknown()).default({}),
})
export type ManagedField = z.infer<typeof ManagedField>

const count = z.number().default(0)

export const Deployment = z.object({
  metadata: Metadata.extend({ managedFields: z.array(ManagedField).default([]) }),
  spec: z.object({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    progressDeadlineSeconds: z.number().default(600),
    selector: Selector,
    template: PodTemplate,
  }),
  status: z
    .object({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      availableReplicas: count,
      conditions: z.array(Condition).default([]),
    })
    .prefault({}),
})
export type Deployment = z.infer<typeof Deployment>

export const ReplicaSet = z.object({
  metadata: Metadata,
  spec: z.object({ replicas: z.number().default(1), template: PodTemplate }),
  status: z.object({ conditions: z.array(Condition).default([]) }).prefault({}),
})
export type ReplicaSet = z.infer<typeof ReplicaSet>

const Terminated = z.object({
  exitCode: z.number().default(0),
  reason: z.string().default(''),
  message: z.string().default(''),
  finishedAt: z.string().nullish(),
})

const ContainerStatus = z.object({
  name: z.string(),
  image: z.string().default(''),
  imageID: z.string().default(''),
  ready: z.boolean().default(false),
  started: z.boolean().nullish(),
  restartCount: count,
  state: z
    .object({
      waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
      running: z.object({ startedAt: z.string().nullish() }).optional(),
      terminated: Terminated.optional(),
    })
    .default({}),
  lastState: z.object({ terminated: Terminated.optional() }).default({}),
})
export type ContainerStatus = z.infer<typeof ContainerStatus>

export const Pod = z.object({
  metadata: Metadata,
  spec: z.object({ nodeName: z.string().default('') }).prefault({}),
  status: z
    .object({
      phase: z.string().default('Pending'),
      reason: z.string().default(''),
      message: z.string().default(''),
      conditions: z.array(Condition).default([]),
      initContainerStatuses: z.array(ContainerStatus).default([]),
      containerStatuses: z.array(ContainerStatus).default([]),
    })
    .prefault({}),
})
export type Pod = z.infer<typeof Pod>

export const KubeEvent = z.object({
  metadata: Metadata,
  involvedObject: z.object({ kind: z.string().default(''), name: z.string().default(''), uid: z.string().default('') }),
  type: z.string().default('Normal'),
  reason: z.string().default(''),
  message: z.string().default(''),
  count: z.number().nullish(),
  firstTimestamp: z.string().nullish(),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  series: z.object({ count: z.number().default(1), lastObservedTime: z.string().nullish() }).nullish(),
})
export type KubeEvent = z.infer<typeof KubeEvent>

export const HorizontalPodAutoscaler = z.object({
  metadata: Metadata,
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    minReplicas: z.number().default(1),
    maxReplicas: z.number(),
  }),
  status: z.object({ desiredReplicas: count }).prefault({}),
})
export type HorizontalPodAutoscaler = z.infer<typeof HorizontalPodAutoscaler>

/** When an event was last seen, ISO 8601: the old and the new events API keep it in different places. */
export function eventTime(event: KubeEvent): string {
  return (
    event.series?.lastObservedTime ??
    event.lastTimestamp ??
    event.eventTime ??
    event.metadata.creationTimestamp ??
    new Date(0).toISOString()
  )
}

/** A label selector as the query parameter spells it. */
export function selectorText(selector: Selector): string {
  const parts = Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`)
  for (const { key, operator, values } of selector.matchExpressions) {
    if (operator === 'Exists') parts.push(key)
    else if (operator === 'DoesNotExist') parts.push(`!${key}`)
    else parts.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`)
  }
  return parts.join(',')
}

export const paths = {
  deployments: (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/deployments`,
  replicaSets: (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/replicasets`,
  pods: (namespace: string) => `/api/v1/namespaces/${namespace}/pods`,
  events: (namespace: string) => `/api/v1/namespaces/${namespace}/events`,
  autoscalers: (namespace: string) => `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`,
}
