import { isRecord } from '../../store/immutable.ts'
import type { KubeObject } from '../../store/types.ts'
import {
  AGE,
  at,
  type Column,
  integer,
  listAt,
  NAME,
  numberAt,
  orNone,
  sinceText,
  text,
  textAt,
  wide,
} from './column.ts'

export const NAMESPACE_COLUMNS: Column[] = [NAME, text('Status', (object) => textAt(object, 'status', 'phase')), AGE]

function nodeStatus(node: KubeObject): string {
  const ready = listAt(node, 'status', 'conditions').find((condition) => at(condition, 'type') === 'Ready')
  const word = at(ready, 'status') === 'True' ? 'Ready' : ready ? 'NotReady' : 'Unknown'
  return at(node, 'spec', 'unschedulable') === true ? `${word},SchedulingDisabled` : word
}

function nodeRoles(node: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/'
  const labels = Object.keys(node.metadata.labels ?? {})
  const roles = labels.filter((label) => label.startsWith(prefix)).map((label) => label.slice(prefix.length))
  return orNone(roles.sort().join(','))
}

function nodeAddress(node: KubeObject, type: string): string {
  const address = listAt(node, 'status', 'addresses').find((entry) => at(entry, 'type') === type)
  return orNone(textAt(address, 'address'))
}

function nodeInfo(name: string): (node: KubeObject) => string {
  return (node) => textAt(node, 'status', 'nodeInfo', name) || '<unknown>'
}

export const NODE_COLUMNS: Column[] = [
  NAME,
  text('Status', nodeStatus),
  text('Roles', nodeRoles),
  AGE,
  text('Version', (node) => textAt(node, 'status', 'nodeInfo', 'kubeletVersion')),
  wide('Internal-IP', (node) => nodeAddress(node, 'InternalIP')),
  wide('External-IP', (node) => nodeAddress(node, 'ExternalIP')),
  wide('OS-Image', nodeInfo('osImage')),
  wide('Kernel-Version', nodeInfo('kernelVersion')),
  wide('Container-Runtime', nodeInfo('containerRuntimeVersion')),
]

/** Events are listed without their name first: what happened matters. */
export const EVENT_COLUMNS: Column[] = [
  text('Last Seen', (event, now) => sinceText(lastSeen(event), now)),
  text('Type', (event) => textAt(event, 'type')),
  text('Reason', (event) => textAt(event, 'reason')),
  text('Object', (event) => `${eventTarget(event, 'kind').toLowerCase()}/${eventTarget(event, 'name')}`),
  wide('Subobject', (event) => eventTarget(event, 'fieldPath')),
  wide('Source', (event) => {
    const component = textAt(event, 'source', 'component') || textAt(event, 'reportingComponent')
    const host = textAt(event, 'source', 'host')
    return host ? `${component}, ${host}` : component
  }),
  text('Message', (event) => (textAt(event, 'message') || textAt(event, 'note')).trim()),
  wide('First Seen', (event, now) => sinceText(textAt(event, 'firstTimestamp') || lastSeen(event), now)),
  wide('Count', (event) => String(numberAt(event, 'count') || 1)),
  wide('Name', (event) => event.metadata.name),
]

function eventTarget(event: KubeObject, field: string): string {
  return textAt(event, 'involvedObject', field) || textAt(event, 'regarding', field)
}

function lastSeen(event: KubeObject): string {
  const times = [at(event, 'lastTimestamp'), at(event, 'deprecatedLastTimestamp'), at(event, 'eventTime')]
  return String(times.find((time) => typeof time === 'string') ?? event.metadata.creationTimestamp)
}

function quotaText(quota: KubeObject, wanted: (name: string) => boolean): string {
  const hard = at(quota, 'status', 'hard') ?? at(quota, 'spec', 'hard')
  const names = isRecord(hard) ? Object.keys(hard).sort().filter(wanted) : []
  return names
    .map((name) => `${name}: ${textAt(quota, 'status', 'used', name) || '0'}/${textAt(hard, name)}`)
    .join(', ')
}

const isLimit = (name: string) => name.startsWith('limits')

export const QUOTA_COLUMNS: Column[] = [
  NAME,
  text('Request', (quota) => quotaText(quota, (name) => !isLimit(name))),
  text('Limit', (quota) => quotaText(quota, isLimit)),
  AGE,
]

export const CONFIG_MAP_COLUMNS: Column[] = [
  NAME,
  integer('Data', (object) => entryCount(object, 'data') + entryCount(object, 'binaryData')),
  AGE,
]

export const SECRET_COLUMNS: Column[] = [
  NAME,
  text('Type', (object) => textAt(object, 'type')),
  integer('Data', (object) => entryCount(object, 'data')),
  AGE,
]

function entryCount(object: KubeObject, field: string): number {
  const data = object[field]
  return isRecord(data) ? Object.keys(data).length : 0
}

export const SERVICE_ACCOUNT_COLUMNS: Column[] = [
  NAME,
  integer('Secrets', (object) => listAt(object, 'secrets').length),
  AGE,
]

export const LEASE_COLUMNS: Column[] = [NAME, text('Holder', (object) => textAt(object, 'spec', 'holderIdentity')), AGE]

export const CREATED_COLUMNS: Column[] = [
  NAME,
  { name: 'Created At', type: 'date', cell: (object) => object.metadata.creationTimestamp },
]

function readyCondition(object: KubeObject, field: string): string {
  const ready = listAt(object, 'status', 'conditions').find((condition) => at(condition, 'type') === 'Ready')
  return textAt(ready, field)
}

/** What the Flux custom resource definitions print. */
export const FLUX_COLUMNS: Column[] = [
  NAME,
  AGE,
  text('Ready', (object) => readyCondition(object, 'status')),
  text('Status', (object) => readyCondition(object, 'message')),
]

/** What Argo CD's custom resource definition prints. */
export const APPLICATION_COLUMNS: Column[] = [
  NAME,
  text('Sync Status', (object) => textAt(object, 'status', 'sync', 'status')),
  text('Health Status', (object) => textAt(object, 'status', 'health', 'status')),
]
