import type { ManagedFieldsEntry } from '../types.ts'
import { difference, type FieldSet, fromFieldsV1, isEmpty, toFieldsV1 } from './field-set.ts'

/** One manager's fields, decoded. Who it is: manager, operation, apiVersion and subresource together. */
export interface Manager {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  subresource?: string
  time?: string
  fields: FieldSet
  /** What it was decoded from; written again as it is while `fields` is the same set. */
  source?: { entry: ManagedFieldsEntry; fields: FieldSet }
}

/** Entries are frozen and shared between versions of an object, so each is decoded once. */
const decoded = new WeakMap<ManagedFieldsEntry, FieldSet>()

function fieldsOfEntry(entry: ManagedFieldsEntry): FieldSet {
  const known = decoded.get(entry)
  if (known) return known
  const fields = fromFieldsV1(entry.fieldsV1)
  if (Object.isFrozen(entry)) decoded.set(entry, fields)
  return fields
}

export function sameManager(left: Manager, right: Omit<Manager, 'fields'>): boolean {
  return (
    left.manager === right.manager &&
    left.operation === right.operation &&
    left.apiVersion === right.apiVersion &&
    left.subresource === right.subresource
  )
}

export function decodeManagers(entries: ManagedFieldsEntry[] | undefined): Manager[] {
  return (entries ?? []).flatMap((entry) => {
    if (!entry.manager || !entry.operation || !entry.apiVersion) return []
    const { manager, operation, apiVersion, subresource, time } = entry
    const fields = fieldsOfEntry(entry)
    return [
      {
        manager,
        operation,
        apiVersion,
        ...(subresource ? { subresource } : {}),
        time,
        fields,
        source: { entry, fields },
      },
    ]
  })
}

/** Applies first, then updates, each by time: the server's order. Managers without fields drop out. */
export function encodeManagers(managers: Manager[]): ManagedFieldsEntry[] | undefined {
  const rank = (manager: Manager) => `${manager.operation}|${manager.time ?? ''}|${manager.manager}`
  const entries = managers
    .filter((manager) => !isEmpty(manager.fields))
    .sort((left, right) => (rank(left) < rank(right) ? -1 : 1))
    .map(encodeManager)
  return entries.length > 0 ? entries : undefined
}

function encodeManager(encoded: Manager): ManagedFieldsEntry {
  const { manager, operation, apiVersion, time, subresource, fields, source } = encoded
  if (source && source.fields === fields) return source.entry
  return {
    manager,
    operation,
    apiVersion,
    ...(time ? { time } : {}),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource ? { subresource } : {}),
  }
}

const SERVER_OWNED = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
]

const NOBODYS: FieldSet = fromFieldsV1({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': { '.': {}, ...Object.fromEntries(SERVER_OWNED.map((name) => [`f:${name}`, {}])) },
})

/** Without the fields the server writes itself, which nobody owns. */
export function withoutServerFields(fields: FieldSet): FieldSet {
  return difference(fields, NOBODYS)
}
