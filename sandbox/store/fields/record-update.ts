import type { KubeObject, ManagedFieldsEntry, ResourceType, WriteOptions } from '../types.ts'

/** The managedFields after a write that was not an apply. */
export function recordUpdate(
  _type: ResourceType,
  _previous: KubeObject | undefined,
  next: KubeObject,
  _options: WriteOptions,
  _now: Date,
): ManagedFieldsEntry[] | undefined {
  return next.metadata.managedFields
}
