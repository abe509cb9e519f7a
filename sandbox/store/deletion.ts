import { recordAt } from './immutable.ts'
import type { Pod } from './kinds.ts'
import type { DeleteOptions, KubeObject, ObjectMeta, ResourceType } from './types.ts'

interface Deletion {
  /** Nothing holds the object back: it goes now. */
  removes: boolean
  /** The object with its deletionTimestamp, where that is new or nearer than before. */
  marked?: KubeObject
}

/**
 * Decides what a DELETE does, as the API server does: finalizers and a running pod's grace period hold an object, and the
 * kubelet asks again with a grace period of zero. `released` asks only whether a write took away what held it.
 */
export function deletionOf(
  type: ResourceType,
  object: KubeObject,
  options: DeleteOptions & { released?: boolean },
  now: Date,
): Deletion {
  const metadata = object.metadata
  const finalizers = finalizersAfter(metadata.finalizers ?? [], options)
  const grace = type.plural === 'pods' && type.group === '' ? graceOfPod(object as Pod, options) : 0 // pods are Pods
  const holdsContents = type.plural === 'namespaces' && nameFinalizers(object).length > 0
  if (options.released) return { removes: finalizers.length === 0 && grace === 0 && !holdsContents }
  if (finalizers.length === 0 && grace === 0 && !holdsContents) return { removes: true }

  const deadline = new Date(now.getTime() + grace * 1000)
  const known = metadata.deletionTimestamp
  const unchanged =
    known !== undefined && new Date(known) <= deadline && finalizers.length === (metadata.finalizers ?? []).length
  if (unchanged) return { removes: false }
  const marked: ObjectMeta = {
    ...metadata,
    deletionTimestamp: `${deadline.toISOString().slice(0, 19)}Z`,
    deletionGracePeriodSeconds: grace,
    ...(finalizers.length > 0 ? { finalizers } : {}),
    ...(metadata.generation !== undefined && known === undefined ? { generation: metadata.generation + 1 } : {}),
  }
  const status = holdsContents ? { status: { ...recordAt(object, 'status'), phase: 'Terminating' } } : {}
  return { removes: false, marked: { ...object, metadata: marked, ...status } }
}

function finalizersAfter(present: string[], options: DeleteOptions): string[] {
  const others = present.filter((name) => name !== 'foregroundDeletion' && name !== 'orphan')
  if (options.propagationPolicy === 'Foreground') return [...others, 'foregroundDeletion']
  if (options.propagationPolicy === 'Orphan') return [...others, 'orphan']
  return options.propagationPolicy === 'Background' ? others : present
}

/** Seconds the pod may still run. A pod on no node, or one that ended, has nothing to wait for. */
function graceOfPod(pod: Pod, options: DeleteOptions & { released?: boolean }): number {
  // A write never ends a pod that is stopping: the kubelet does, with a grace period of zero.
  if (options.released) return pod.metadata.deletionGracePeriodSeconds ?? 0
  const phase = pod.status?.phase
  if (!pod.spec.nodeName || phase === 'Succeeded' || phase === 'Failed') return 0
  const already = pod.metadata.deletionGracePeriodSeconds
  const asked = options.gracePeriodSeconds ?? already ?? pod.spec.terminationGracePeriodSeconds ?? 30
  return already === undefined ? asked : Math.min(asked, already)
}

function nameFinalizers(namespace: KubeObject): unknown[] {
  const finalizers = recordAt(namespace, 'spec').finalizers
  return Array.isArray(finalizers) ? finalizers : []
}
