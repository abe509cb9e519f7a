/**
 * How lists and maps of the built-in types merge: the `x-kubernetes-*` extensions of the published OpenAPI document, which
 * the generated client leaves out. Source: the type definitions of k8s.io/api (tags `listType`, `listMapKey`,
 * `patchMergeKey`, `patchStrategy`, `structType`). Lists that are not named here are atomic.
 */

export interface ListRule {
  /** `map`: items are told apart by `keys`; `set`: by their value. */
  type: 'map' | 'set'
  keys?: string[]
  /** The one key strategic merge patch uses, where it is not the first of `keys`; null where that patch replaces the list. */
  patchKey?: string | null
  retainKeys?: boolean
}

const by = (...keys: string[]): ListRule => ({ type: 'map', keys })
const notPatched = (rule: ListRule): ListRule => ({ ...rule, patchKey: null })

const CONTAINER_LISTS: Record<string, ListRule> = {
  env: by('name'),
  ports: by('containerPort', 'protocol'),
  volumeDevices: by('devicePath'),
  volumeMounts: by('mountPath'),
}

/** `Type.field` → rule */
export const LIST_RULES: Record<string, ListRule> = {
  'V1ObjectMeta.finalizers': { type: 'set' },
  'V1ObjectMeta.ownerReferences': by('uid'),
  'V1PodSpec.containers': by('name'),
  'V1PodSpec.initContainers': by('name'),
  'V1PodSpec.ephemeralContainers': by('name'),
  'V1PodSpec.volumes': { ...by('name'), retainKeys: true },
  'V1PodSpec.resourceClaims': { ...by('name'), retainKeys: true },
  'V1PodSpec.imagePullSecrets': by('name'),
  'V1PodSpec.hostAliases': by('ip'),
  'V1PodSpec.topologySpreadConstraints': by('topologyKey', 'whenUnsatisfiable'),
  'V1PodSpec.schedulingGates': by('name'),
  ...Object.fromEntries(
    ['V1Container', 'V1EphemeralContainer'].flatMap((type) =>
      Object.entries(CONTAINER_LISTS).map(([field, rule]) => [`${type}.${field}`, rule]),
    ),
  ),
  'V1ResourceRequirements.claims': notPatched(by('name')),
  'V1PodStatus.conditions': by('type'),
  'V1PodStatus.podIPs': by('ip'),
  'V1ServiceSpec.ports': by('port', 'protocol'),
  'V1ServiceStatus.conditions': by('type'),
  'V1ServiceAccount.secrets': by('name'),
  'V1NodeSpec.podCIDRs': { type: 'set' },
  'V1NodeStatus.addresses': by('type'),
  'V1NodeStatus.conditions': by('type'),
  'V1NamespaceStatus.conditions': by('type'),
  'V1DeploymentStatus.conditions': by('type'),
  'V1ReplicaSetStatus.conditions': by('type'),
  'V1StatefulSetStatus.conditions': by('type'),
  'V1DaemonSetStatus.conditions': by('type'),
  'V1JobStatus.conditions': by('type'),
  'V1PersistentVolumeClaimStatus.conditions': by('type'),
  'V1PodDisruptionBudgetStatus.conditions': by('type'),
  'V2HorizontalPodAutoscalerStatus.conditions': notPatched(by('type')),
  'V1ResourceQuotaStatus.conditions': by('type'),
}

/** Types that are owned and replaced as a whole. */
export const ATOMIC_TYPES = new Set([
  'V1ConfigMapKeySelector',
  'V1EndpointAddress',
  'V1LabelSelector',
  'V1LocalObjectReference',
  'V1NodeSelector',
  'V1NodeSelectorTerm',
  'V1ObjectFieldSelector',
  'V1ObjectReference',
  'V1OwnerReference',
  'V1ResourceFieldSelector',
  'V1ScopeSelector',
  'V1SecretKeySelector',
  'V1SecretReference',
  'V1TopologySelectorTerm',
  'V1TypedLocalObjectReference',
  'V2CrossVersionObjectReference',
])

/** Maps (`Type.field`) that are owned and replaced as a whole. */
export const ATOMIC_MAPS = new Set(['V1PodSpec.nodeSelector', 'V1ServiceSpec.selector'])

/** Struct fields where a strategic merge patch may list the keys to keep. */
export const RETAIN_KEYS = new Set(['V1DeploymentSpec.strategy'])

/** `Type.field` whose string is a resource quantity, so that a bare number is accepted and kept as text. */
export const QUANTITY_FIELDS =
  /^(V1(Volume)?ResourceRequirements\.(limits|requests)|V1NodeStatus\.(capacity|allocatable)|V1ResourceQuota(Spec|Status)\.(hard|used)|V1LimitRangeItem\..+|V1PodSpec\.overhead|V1EmptyDirVolumeSource\.sizeLimit|V1ResourceFieldSelector\.divisor|V2Metric(Target|ValueStatus)\.(averageValue|value)|.*\.allocatedResources)$/

/**
 * Struct fields that the server's own types hold by value: they exist on an empty object already, so that adding
 * something beneath them does not add them.
 */
export const HELD_BY_VALUE = new Set([
  'metadata',
  'spec',
  'status',
  'template',
  'strategy',
  'updateStrategy',
  'resources',
  'state',
  'lastState',
  'scaleTargetRef',
  'containers',
  'loadBalancer',
  'nodeInfo',
  'daemonEndpoints',
  'kubeletEndpoint',
])
