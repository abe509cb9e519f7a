import type { KubeObject } from '../../store/types.ts'
import * as cluster from './cluster.ts'
import { AGE, type Column, NAME } from './column.ts'
import * as network from './network.ts'
import { POD_COLUMNS } from './pods.ts'
import * as workloads from './workloads.ts'

const COLUMNS: Record<string, Column[]> = {
  pods: POD_COLUMNS,
  namespaces: cluster.NAMESPACE_COLUMNS,
  nodes: cluster.NODE_COLUMNS,
  events: cluster.EVENT_COLUMNS,
  resourcequotas: cluster.QUOTA_COLUMNS,
  limitranges: cluster.CREATED_COLUMNS,
  configmaps: cluster.CONFIG_MAP_COLUMNS,
  secrets: cluster.SECRET_COLUMNS,
  serviceaccounts: cluster.SERVICE_ACCOUNT_COLUMNS,
  services: network.SERVICE_COLUMNS,
  endpoints: network.ENDPOINTS_COLUMNS,
  persistentvolumeclaims: network.CLAIM_COLUMNS,
  'discovery.k8s.io/endpointslices': network.ENDPOINT_SLICE_COLUMNS,
  'networking.k8s.io/ingresses': network.INGRESS_COLUMNS,
  'coordination.k8s.io/leases': cluster.LEASE_COLUMNS,
  'apps/deployments': workloads.DEPLOYMENT_COLUMNS,
  'apps/replicasets': workloads.REPLICA_SET_COLUMNS,
  'apps/statefulsets': workloads.STATEFUL_SET_COLUMNS,
  'apps/daemonsets': workloads.DAEMON_SET_COLUMNS,
  'apps/controllerrevisions': workloads.CONTROLLER_REVISION_COLUMNS,
  'autoscaling/horizontalpodautoscalers': workloads.AUTOSCALER_COLUMNS,
  'policy/poddisruptionbudgets': workloads.DISRUPTION_BUDGET_COLUMNS,
  'batch/jobs': workloads.JOB_COLUMNS,
  'batch/cronjobs': workloads.CRON_JOB_COLUMNS,
  'argoproj.io/applications': cluster.APPLICATION_COLUMNS,
  'kustomize.toolkit.fluxcd.io/kustomizations': cluster.FLUX_COLUMNS,
  'helm.toolkit.fluxcd.io/helmreleases': cluster.FLUX_COLUMNS,
}

export interface Table {
  kind: 'Table'
  apiVersion: 'meta.k8s.io/v1'
  columnDefinitions: unknown[]
  rows: unknown[]
}

/** A meta.k8s.io/v1 Table of objects. `includeObject` None, Metadata (default) or Object says what each row carries. */
export function tableOf(resource: string, objects: KubeObject[], now: Date, includeObject: string | null): Table {
  const columns = COLUMNS[resource] ?? [NAME, AGE]
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    columnDefinitions: columns.map(({ name, type, wide }) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority: wide ? 1 : 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, now)),
      ...(includeObject === 'None' ? {} : { object: includeObject === 'Object' ? object : metadataRow(object) }),
    })),
  }
}

function metadataRow({ metadata }: KubeObject): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}
