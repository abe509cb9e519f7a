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
    return [
      {
        manager,
        operation,
        apiVersion,
        ...(subresource ? { subresource } : {}),
        time,
        fields: fromFieldsV1(entry.fieldsV1),
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
    .map(({ manager, operation, apiVersion, time, subresource, fields }) => ({
      manager,
      operation,
      apiVersion,
      ...(time ? { time } : {}),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(subresource ? { subresource } : {}),
    }))
  return entries.length > 0 ? entries : undefined
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
