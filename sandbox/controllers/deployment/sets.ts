import { StatusError } from '../../store/errors.ts'
import { deepEqual } from '../../store/immutable.ts'
import type { Deployment, ReplicaSet } from '../../store/kinds.ts'
import { timestamp } from '../../store/timestamp.ts'
import type { ControllerContext } from '../context.ts'
import { conditionOf, ownerReferenceTo } from '../objects.ts'
import { newSetSize, rolloutBounds, type SetSize } from './arithmetic.ts'
import {
  annotations,
  findNewSet,
  hashLabel,
  podTemplateHash,
  revisionOf,
  sameTemplate,
  setAnnotations,
} from './revisions.ts'
import { setProgress } from './status.ts'

const source = { component: 'deployment-controller' }
const writer = { fieldManager: 'kube-controller-manager' }

export function sizeOf(set: ReplicaSet): SetSize {
  return {
    name: set.metadata.name,
    wanted: set.spec.replicas ?? 0,
    available: set.status?.availableReplicas ?? 0,
    createdMs: Date.parse(set.metadata.creationTimestamp ?? ''),
  }
}

/** The annotations that remember what a set was sized for. */
function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const desired = deployment.spec.replicas ?? 1
  return {
    [annotations.desiredReplicas]: String(desired),
    [annotations.maxReplicas]: String(desired + rolloutBounds(deployment).maxSurge),
  }
}

/** Changes a set's size, notes what it was sized for, and says so in an event. */
export function scaleSet(context: ControllerContext, deployment: Deployment, set: ReplicaSet, size: number): void {
  const before = set.spec.replicas ?? 0
  const { namespace, name } = set.metadata
  const annotated = { ...set.metadata.annotations, ...sizeAnnotations(deployment) }
  if (size === before && deepEqual(annotated, set.metadata.annotations)) return
  context.store.modify(
    'apps/replicasets',
    namespace,
    name,
    (draft) => {
      draft.spec.replicas = size
      draft.metadata.annotations = annotated
    },
    writer,
  )
  if (size === before) return
  const direction = size > before ? 'up' : 'down'
  const message = `Scaled ${direction} replica set ${name} from ${before} to ${size}`
  context.events.normal(source, deployment, 'ScalingReplicaSet', message)
}

/** The set for the present template, made or brought up to the newest revision where needed. */
export function ensureNewSet(context: ControllerContext, deployment: Deployment, sets: ReplicaSet[]): ReplicaSet {
  const known = findNewSet(deployment, sets)
  const others = sets.filter((set) => set.metadata.uid !== known?.metadata.uid)
  const revision = Math.max(0, ...others.map(revisionOf)) + 1
  const newSet =
    known === undefined
      ? createSet(context, deployment, sets, revision)
      : adoptSet(context, deployment, known, revision)
  markRevision(context, deployment, newSet, known === undefined)
  return newSet
}

function adoptSet(context: ControllerContext, deployment: Deployment, set: ReplicaSet, revision: number): ReplicaSet {
  const { namespace, name } = set.metadata
  const annotated = setAnnotations(deployment, set.metadata.annotations ?? {}, revision)
  const sameDelay = (deployment.spec.minReadySeconds ?? set.spec.minReadySeconds) === set.spec.minReadySeconds
  if (sameDelay && deepEqual(annotated, set.metadata.annotations)) return set
  return context.store.modify(
    'apps/replicasets',
    namespace,
    name,
    (draft) => {
      draft.metadata.annotations = annotated
      if (deployment.spec.minReadySeconds !== undefined) draft.spec.minReadySeconds = deployment.spec.minReadySeconds
    },
    writer,
  )
}

function createSet(
  context: ControllerContext,
  deployment: Deployment,
  sets: ReplicaSet[],
  revision: number,
): ReplicaSet {
  const { namespace, name } = deployment.metadata
  const hash = podTemplateHash(deployment.spec.template, deployment.status?.collisionCount ?? 0)
  const template = structuredClone(deployment.spec.template)
  template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, [hashLabel]: hash } }
  const set: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: template.metadata.labels,
      annotations: { ...setAnnotations(deployment, {}, revision), ...sizeAnnotations(deployment) },
      ownerReferences: [ownerReferenceTo(deployment)],
    },
    spec: {
      replicas: 0,
      ...(deployment.spec.minReadySeconds === undefined ? {} : { minReadySeconds: deployment.spec.minReadySeconds }),
      selector: {
        ...structuredClone(deployment.spec.selector),
        matchLabels: { ...deployment.spec.selector.matchLabels, [hashLabel]: hash },
      },
      template,
    },
  }
  const desired = deployment.spec.replicas ?? 1
  const isRecreate = deployment.spec.strategy?.type === 'Recreate'
  const size = isRecreate ? desired : newSetSize(desired, rolloutBounds(deployment), sizeOf(set), sets.map(sizeOf))
  set.spec.replicas = size
  try {
    const created = context.store.create('apps/replicasets', set, writer)
    if (size > 0) {
      const message = `Scaled up replica set ${created.metadata.name} from 0 to ${size}`
      context.events.normal(source, deployment, 'ScalingReplicaSet', message)
    }
    return created
  } catch (error) {
    if (error instanceof StatusError && error.code === 409) countCollision(context, deployment)
    throw error
  }
}

/** Another template hashes to the same name: the next try uses another hash. */
function countCollision(context: ControllerContext, deployment: Deployment): void {
  const { namespace, name } = deployment.metadata
  const hash = podTemplateHash(deployment.spec.template, deployment.status?.collisionCount ?? 0)
  const there = context.store.get('apps/replicasets', namespace, `${name}-${hash}`)
  if (there === undefined || sameTemplate(there.spec.template, deployment.spec.template)) return
  context.store.modify(
    'apps/deployments',
    namespace,
    name,
    (draft) => {
      draft.status = { ...draft.status, collisionCount: (draft.status?.collisionCount ?? 0) + 1 }
    },
    { ...writer, subresource: 'status' },
  )
}

function markRevision(context: ControllerContext, deployment: Deployment, newSet: ReplicaSet, created: boolean): void {
  const { namespace, name } = deployment.metadata
  const revision = newSet.metadata.annotations?.[annotations.revision] ?? '1'
  const sameRevision = deployment.metadata.annotations?.[annotations.revision] === revision
  if (!sameRevision)
    context.store.modify(
      'apps/deployments',
      namespace,
      name,
      (draft) => {
        draft.metadata.annotations = { ...draft.metadata.annotations, [annotations.revision]: revision }
      },
      writer,
    )
  const isKnown = conditionOf(deployment.status?.conditions, 'Progressing') !== undefined
  if (!created && (sameRevision || deployment.spec.progressDeadlineSeconds === undefined) && isKnown) return
  const condition = created
    ? { reason: 'NewReplicaSetCreated', message: `Created new replica set "${newSet.metadata.name}"` }
    : { reason: 'FoundNewReplicaSet', message: `Found new replica set "${newSet.metadata.name}"` }
  context.store.modify(
    'apps/deployments',
    namespace,
    name,
    (draft) => {
      const next = { type: 'Progressing', status: 'True' as const, ...condition }
      const conditions = setProgress(draft.status?.conditions, next, Date.parse(timestamp(context.clock.date())), true)
      draft.status = { ...draft.status, conditions }
    },
    { ...writer, subresource: 'status' },
  )
}
