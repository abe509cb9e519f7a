import type { ClusterEvent, Revision } from '../../core/ports/cluster.ts'
import { ANNOTATION } from './annotations.ts'
import { eventTime, KubeEvent, paths, ReplicaSet, selectorText } from './kinds.ts'
import { mainContainer, type Place, readDeployment } from './locate.ts'
import { currentReplicaSet, isOwned, revisionOf } from './rollout-problems.ts'
import { versionOf } from './workload.ts'

const MOST_EVENTS = 100

/** The revisions that the cluster still keeps (revisionHistoryLimit), newest first. */
export async function readRevisions(place: Place): Promise<Revision[]> {
  const { deployment, replicaSets } = await readOwned(place)
  const wanted = mainContainer(deployment, place).name
  const current = currentReplicaSet(deployment, replicaSets)
  return replicaSets
    .toSorted((a, b) => revisionOf(b) - revisionOf(a))
    .map((replicaSet) => {
      const { annotations, creationTimestamp } = replicaSet.metadata
      const { containers } = replicaSet.spec.template.spec
      const image = (containers.find(({ name }) => name === wanted) ?? containers[0])?.image ?? ''
      // Annotations are inherited from the Deployment: ours speak of this revision only when they name its image.
      const operation = annotations[ANNOTATION.image] === image ? annotations[ANNOTATION.deployedBy] : undefined
      return {
        revision: revisionOf(replicaSet),
        image,
        version: versionOf(image, annotations),
        createdAt: creationTimestamp ?? new Date(0).toISOString(),
        active: replicaSet === current,
        ...(operation ? { operation } : {}),
      }
    })
}

/** What the cluster tells of the workload, its ReplicaSets, pods and autoscaler: the newest hundred, oldest first. */
export async function readEvents(place: Place): Promise<ClusterEvent[]> {
  const { deployment, replicaSets } = await readOwned(place)
  const { items } = await place.cluster.list(paths.events(place.namespace), KubeEvent)
  const names = new Set(replicaSets.map(({ metadata }) => metadata.name))
  const concerns = ({ kind, name }: KubeEvent['involvedObject']) => {
    if (kind === 'Deployment') return name === deployment.metadata.name
    if (kind === 'HorizontalPodAutoscaler') return name === deployment.metadata.name
    if (kind === 'ReplicaSet') return names.has(name)
    // A pod is called `<replicaset>-<five characters>`; told by name, since the pod may be gone.
    return kind === 'Pod' && names.has(name.replace(/-[^-]+$/, ''))
  }
  return (
    items
      .filter((event) => concerns(event.involvedObject))
      // Times are whole seconds: within one, the order of writing.
      .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map((event) => ({
        at: eventTime(event),
        type: event.type === 'Warning' ? ('Warning' as const) : ('Normal' as const),
        reason: event.reason,
        object: `${event.involvedObject.kind.toLowerCase()}/${event.involvedObject.name}`,
        message: event.message,
        count: event.series?.count ?? event.count ?? 1,
      }))
      .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
      .slice(-MOST_EVENTS)
  )
}

async function readOwned(place: Place) {
  const deployment = await readDeployment(place)
  const { items } = await place.cluster.list(paths.replicaSets(place.namespace), ReplicaSet, {
    labelSelector: selectorText(deployment.spec.selector),
  })
  return { deployment, replicaSets: items.filter((replicaSet) => isOwned(replicaSet, deployment)) }
}
