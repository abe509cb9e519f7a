import type { ResourceType } from './types.ts'

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

type Extra = Partial<Pick<ResourceType, 'shortNames' | 'subresources' | 'verbs' | 'categories' | 'singular'>>

function define(
  groupVersion: string,
  kind: string,
  plural: string,
  namespaced: boolean,
  extra: Extra = {},
): ResourceType {
  const slash = groupVersion.indexOf('/')
  return {
    group: slash < 0 ? '' : groupVersion.slice(0, slash),
    version: slash < 0 ? groupVersion : groupVersion.slice(slash + 1),
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced,
    shortNames: [],
    subresources: [],
    verbs: ALL_VERBS,
    ...extra,
  }
}

/** Every resource that is stored, in the order discovery lists them. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  define('v1', 'ConfigMap', 'configmaps', true, { shortNames: ['cm'] }),
  define('v1', 'Endpoints', 'endpoints', true, { shortNames: ['ep'] }),
  define('v1', 'Event', 'events', true, { shortNames: ['ev'] }),
  define('v1', 'LimitRange', 'limitranges', true, { shortNames: ['limits'] }),
  define('v1', 'Namespace', 'namespaces', false, {
    shortNames: ['ns'],
    subresources: ['status'],
    verbs: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
  }),
  define('v1', 'Node', 'nodes', false, { shortNames: ['no'], subresources: ['status'] }),
  define('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', true, {
    shortNames: ['pvc'],
    subresources: ['status'],
  }),
  define('v1', 'Pod', 'pods', true, {
    shortNames: ['po'],
    subresources: ['status', 'log', 'eviction'],
    categories: ['all'],
  }),
  define('v1', 'ResourceQuota', 'resourcequotas', true, { shortNames: ['quota'], subresources: ['status'] }),
  define('v1', 'Secret', 'secrets', true),
  define('v1', 'ServiceAccount', 'serviceaccounts', true, { shortNames: ['sa'] }),
  define('v1', 'Service', 'services', true, { shortNames: ['svc'], subresources: ['status'], categories: ['all'] }),
  define('apps/v1', 'ControllerRevision', 'controllerrevisions', true),
  define('apps/v1', 'DaemonSet', 'daemonsets', true, {
    shortNames: ['ds'],
    subresources: ['status'],
    categories: ['all'],
  }),
  define('apps/v1', 'Deployment', 'deployments', true, {
    shortNames: ['deploy'],
    subresources: ['scale', 'status'],
    categories: ['all'],
  }),
  define('apps/v1', 'ReplicaSet', 'replicasets', true, {
    shortNames: ['rs'],
    subresources: ['scale', 'status'],
    categories: ['all'],
  }),
  define('apps/v1', 'StatefulSet', 'statefulsets', true, {
    shortNames: ['sts'],
    subresources: ['scale', 'status'],
    categories: ['all'],
  }),
  define('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', true, {
    shortNames: ['hpa'],
    subresources: ['status'],
    categories: ['all'],
  }),
  define('batch/v1', 'CronJob', 'cronjobs', true, {
    shortNames: ['cj'],
    subresources: ['status'],
    categories: ['all'],
  }),
  define('batch/v1', 'Job', 'jobs', true, { subresources: ['status'], categories: ['all'] }),
  define('coordination.k8s.io/v1', 'Lease', 'leases', true),
  define('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices', true),
  define('networking.k8s.io/v1', 'Ingress', 'ingresses', true, { shortNames: ['ing'], subresources: ['status'] }),
  define('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', true, {
    shortNames: ['pdb'],
    subresources: ['status'],
  }),
  define('argoproj.io/v1alpha1', 'Application', 'applications', true, { shortNames: ['app', 'apps'] }),
  define('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'kustomizations', true, {
    shortNames: ['ks'],
    subresources: ['status'],
  }),
  define('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'helmreleases', true, {
    shortNames: ['hr'],
    subresources: ['status'],
  }),
]

/** The store's name for a resource: `pods`, `apps/deployments`; versions share one name. */
export function resourceKey(type: { group: string; plural: string }): string {
  return type.group ? `${type.group}/${type.plural}` : type.plural
}

export function apiVersionOf(type: { group: string; version: string }): string {
  return type.group ? `${type.group}/${type.version}` : type.version
}

const BY_KEY = new Map(RESOURCE_TYPES.map((type) => [resourceKey(type), type]))

/** @throws Error for a name the sandbox does not store: a bug in the caller, never a user's mistake */
export function resourceType(resource: string): ResourceType {
  const type = BY_KEY.get(resource)
  if (!type) throw new Error(`The sandbox stores no resource named "${resource}"; see RESOURCE_TYPES.`)
  return type
}

/** Custom resources have no schema here: they are stored and merged without one. */
export function isCustomResource(type: Pick<ResourceType, 'group'>): boolean {
  return type.group.includes('fluxcd') || type.group === 'argoproj.io'
}

const WITH_GENERATION = new Set([
  'pods',
  'apps/daemonsets',
  'apps/deployments',
  'apps/replicasets',
  'apps/statefulsets',
  'autoscaling/horizontalpodautoscalers',
  'batch/cronjobs',
  'batch/jobs',
  'networking/ingresses',
  'policy/poddisruptionbudgets',
])

/** Whether metadata.generation counts spec changes for this resource. */
export function countsGenerations(type: ResourceType): boolean {
  return (
    isCustomResource(type) || WITH_GENERATION.has(`${type.group.split('.')[0] ?? ''}/${type.plural}`.replace(/^\//, ''))
  )
}
