import { isRecord } from '../immutable.ts'
import { apiVersionOf } from '../resources.ts'
import { schemaOf } from '../schema/schema.ts'
import { timestamp } from '../timestamp.ts'
import type { KubeObject, ManagedFieldsEntry, ResourceType, WriteOptions } from '../types.ts'
import { compare } from './compare.ts'
import { difference, EMPTY, isEmpty, union } from './field-set.ts'
import { decodeManagers, encodeManagers, type Manager, sameManager, withoutServerFields } from './managers.ts'

/**
 * The managedFields after a write that was not an apply: its manager owns what it added or changed, the others lose
 * that, and everybody loses what is gone. A writer may hand in managedFields itself; `[{}]` clears them.
 */
export function recordUpdate(
  type: ResourceType,
  previous: KubeObject | undefined,
  next: KubeObject,
  options: WriteOptions,
  now: Date,
): ManagedFieldsEntry[] | undefined {
  if (options.managedFields) return options.managedFields
  const given = next.metadata.managedFields
  if (given?.length === 1 && isRecord(given[0]) && Object.keys(given[0]).length === 0) return undefined
  const decoded = decodeManagers(given)
  const managers = decoded.length > 0 ? decoded : decodeManagers(previous?.metadata.managedFields)

  const changes = compare(schemaOf(type), previous ?? {}, next)
  const taken = withoutServerFields(union(changes.added, changes.modified))
  const removed = withoutServerFields(changes.removed)
  if (isEmpty(taken) && isEmpty(removed)) return decoded.length > 0 ? given : previous?.metadata.managedFields

  const writer: Manager = {
    manager: options.fieldManager ?? 'unknown',
    operation: 'Update',
    apiVersion: apiVersionOf(type),
    ...(options.subresource ? { subresource: options.subresource } : {}),
    time: timestamp(now),
    fields: EMPTY,
  }
  const before = managers.find((manager) => sameManager(manager, writer))
  const others = managers
    .filter((manager) => manager !== before)
    .map((manager) => ({ ...manager, fields: difference(difference(manager.fields, removed), taken) }))
  writer.fields = union(difference(before?.fields ?? EMPTY, removed), taken)
  return encodeManagers([...others, writer])
}
