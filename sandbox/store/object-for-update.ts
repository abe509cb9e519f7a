import { copyOf, deepEqual, isRecord, sharing } from './immutable.ts'
import { countsGenerations } from './resources.ts'
import type { KubeObject, ResourceType } from './types.ts'

/** Merges what a writer sent with what writers may not touch, and counts the generation up when the spec changed. */
export function objectForUpdate(
  type: ResourceType,
  previous: KubeObject,
  sent: KubeObject,
  subresource?: string,
): KubeObject {
  const kept = previous.metadata
  if (subresource === 'status') {
    const { annotations = kept.annotations, managedFields } = sent.metadata
    const metadata = { ...kept, ...(annotations ? { annotations } : {}), ...(managedFields ? { managedFields } : {}) }
    return sharing(previous, { ...previous, metadata: { ...metadata }, status: copyOf(sent.status) })
  }
  const copy = copyOf(sent)
  const draft: KubeObject = {
    ...copy,
    apiVersion: previous.apiVersion,
    kind: previous.kind,
    metadata: {
      ...copy.metadata,
      uid: kept.uid,
      creationTimestamp: kept.creationTimestamp,
      ...(kept.generateName ? { generateName: kept.generateName } : {}),
    },
  }
  restore(draft.metadata, kept, ['deletionTimestamp', 'deletionGracePeriodSeconds', 'generation'])
  if (type.subresources.includes('status')) {
    if (previous.status === undefined) delete draft.status
    else draft.status = previous.status
  }
  return draft
}

function restore(
  target: KubeObject['metadata'],
  source: KubeObject['metadata'],
  keys: (keyof KubeObject['metadata'])[],
): void {
  for (const key of keys) {
    if (source[key] === undefined) delete target[key]
    else Object.assign(target, { [key]: source[key] })
  }
}

/** The generation after a write: one more when anything but metadata and status changed. */
export function nextGeneration(type: ResourceType, previous: KubeObject, next: KubeObject): number | undefined {
  const generation = previous.metadata.generation
  if (!countsGenerations(type)) return generation
  const before = { ...previous, metadata: undefined, status: undefined }
  const after = { ...next, metadata: undefined, status: undefined }
  return deepEqual(before, after) ? generation : (generation ?? 0) + 1
}

/** Whether a write would change nothing but the times in managedFields. */
export function sameButForManagers(previous: KubeObject, next: KubeObject): boolean {
  return deepEqual(comparable(previous), comparable(next))
}

function comparable(object: KubeObject): unknown {
  const { managedFields, resourceVersion: _, ...metadata } = object.metadata
  const managers = managedFields?.map((entry) => (isRecord(entry) ? { ...entry, time: undefined } : entry))
  return { ...object, metadata: { ...metadata, managers } }
}
