import { parseImage } from '../../core/image-reference.ts'
import type { Autoscaler, PodProblem, Workload } from '../../core/ports/cluster.ts'
import { ANNOTATION, RESTARTED_AT, REVISION } from './annotations.ts'
import type { Deployment, HorizontalPodAutoscaler, Pod } from './kinds.ts'
import { mainContainer, type Place } from './locate.ts'
import { ownerOf } from './owners.ts'

/** A Deployment in the words of the port. */
export function toWorkload(
  deployment: Deployment,
  place: Place,
  seen: {
    readonly autoscalers: readonly HorizontalPodAutoscaler[]
    readonly pods: readonly Pod[]
    readonly problems: readonly PodProblem[]
  },
): Workload {
  const { metadata, spec, status } = deployment
  const container = mainContainer(deployment, place)
  const autoscaler = autoscalerOf(deployment, seen.autoscalers)
  const owner = ownerOf(deployment)
  const lastOperation = metadata.annotations[ANNOTATION.operation]
  const restartedAt = spec.template.metadata.annotations[RESTARTED_AT]
  const rollingOut = !isComplete(deployment, metadata.generation)
  // While old pods go and new ones come, none of them speaks for the other.
  const runningDigest = rollingOut ? undefined : digestIn(seen.pods, container.name)
  return {
    ref: place.ref,
    cluster: place.cluster.name,
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    generation: metadata.generation,
    container: container.name,
    image: container.image,
    version: versionOf(container.image, metadata.annotations),
    replicas: {
      desired: spec.replicas,
      ready: status.readyReplicas,
      updated: status.updatedReplicas,
      available: status.availableReplicas,
    },
    revision: Number(metadata.annotations[REVISION] ?? 0),
    paused: spec.paused,
    rollingOut,
    problems: seen.problems,
    ...(runningDigest ? { runningDigest } : {}),
    ...(autoscaler ? { autoscaler } : {}),
    ...(owner ? { owner } : {}),
    ...(lastOperation ? { lastOperation } : {}),
    ...(restartedAt ? { restartedAt } : {}),
  }
}

/**
 * The version an image stands for: the one our own deploy wrote down for exactly this image, else its tag, else its digest.
 * `latest` when the image names neither.
 */
export function versionOf(image: string, annotations: Readonly<Record<string, string>>): string {
  const written = annotations[ANNOTATION.version]
  if (written && annotations[ANNOTATION.image] === image) return written
  const { tag, digest } = parseImage(image)
  return tag ?? digest ?? 'latest'
}

/** Complete as `kubectl rollout status` means it: seen by the controller, all pods updated and available, none of the old left. */
export function isComplete({ spec, status }: Deployment, generation: number): boolean {
  return (
    status.observedGeneration >= generation &&
    status.updatedReplicas >= spec.replicas &&
    status.replicas <= status.updatedReplicas &&
    status.availableReplicas >= status.updatedReplicas
  )
}

/** An imageID without a repository is the image's own id, which no registry knows. */
function digestIn(pods: readonly Pod[], container: string): string | undefined {
  const living = pods.filter(({ metadata }) => !metadata.deletionTimestamp)
  const statuses = living.flatMap(({ status }) => status.containerStatuses).filter(({ name }) => name === container)
  const digests = new Set(statuses.flatMap(({ imageID }) => /@(sha256:[0-9a-f]{64})$/.exec(imageID)?.[1] ?? []))
  const [digest] = digests
  return digests.size === 1 ? digest : undefined
}

function autoscalerOf(deployment: Deployment, all: readonly HorizontalPodAutoscaler[]): Autoscaler | undefined {
  const found = all.find(
    ({ spec }) => spec.scaleTargetRef.kind === 'Deployment' && spec.scaleTargetRef.name === deployment.metadata.name,
  )
  if (!found) return undefined
  return {
    name: found.metadata.name,
    min: found.spec.minReplicas,
    max: found.spec.maxReplicas,
    // Zero until the autoscaler has looked for the first time.
    desired: found.status.desiredReplicas || deployment.spec.replicas,
  }
}
