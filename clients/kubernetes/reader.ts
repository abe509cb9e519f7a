import { z } from 'zod'
import type { Catalog } from '../../core/catalog/catalog.ts'
import { messageOf, UpstreamError } from '../../core/errors.ts'
import type { ClusterReader, Workload } from '../../core/ports/cluster.ts'
import { ApiError } from './api-error.ts'
import type { Cluster } from './cluster.ts'
import { followRollout } from './follow-rollout.ts'
import { readEvents, readRevisions } from './history.ts'
import { Deployment, HorizontalPodAutoscaler, KubeEvent, Pod, paths, selectorText } from './kinds.ts'
import { type Locator, readDeployment } from './locate.ts'
import { readLogs } from './logs.ts'
import { isReady } from './pod-problems.ts'
import { problemsOf } from './rollout-verdict.ts'
import { toWorkload } from './workload.ts'

/** Pods that are not well, up to which events are asked for pod by pod. */
const ASKED_ONE_BY_ONE = 8

/** Reads of the clusters behind the catalog's environments. See the port for what each method gives. */
export function createReader(locator: Locator, catalog: () => Catalog): ClusterReader {
  return {
    async health(environment) {
      const { cluster, namespace } = locator.environment(environment)
      const startedAt = performance.now()
      try {
        // Not /readyz: this also tells whether we may read what we need.
        await cluster.ask(paths.deployments(namespace), z.object({}), { limit: 1 })
        return {
          ok: true,
          says: `The cluster "${cluster.name}" answers in ${Math.round(performance.now() - startedAt)} ms.`,
        }
      } catch (error) {
        if (!(error instanceof UpstreamError || error instanceof ApiError)) throw error
        return { ok: false, says: messageOf(error) }
      }
    },

    async workload(ref) {
      const place = locator.place(ref)
      const deployment = await readDeployment(place)
      const labelSelector = selectorText(deployment.spec.selector)
      const [pods, autoscalers] = await Promise.all([
        place.cluster.list(paths.pods(place.namespace), Pod, { labelSelector }),
        place.cluster.list(paths.autoscalers(place.namespace), HorizontalPodAutoscaler),
      ])
      const events = await warningsFor(place.cluster, place.namespace, pods.items)
      const problems = problemsOf(deployment, pods.items, events)
      return toWorkload(deployment, place, { autoscalers: autoscalers.items, pods: pods.items, problems })
    },

    async workloads(environment) {
      const { cluster, namespace } = locator.environment(environment)
      const [deployments, pods, autoscalers] = await Promise.all([
        cluster.list(paths.deployments(namespace), Deployment),
        cluster.list(paths.pods(namespace), Pod),
        cluster.list(paths.autoscalers(namespace), HorizontalPodAutoscaler),
      ])
      const events = await warningsFor(cluster, namespace, pods.items)
      return deployments.items.map((deployment): Workload => {
        const own = pods.items.filter((pod) => matches(deployment, pod))
        const place = locator.place({ service: serviceOf(catalog(), deployment.metadata.name), environment })
        const problems = problemsOf(deployment, own, events)
        // One service whose container the catalog misnames must not hide all the others.
        const { containers } = deployment.spec.template.spec
        const named = containers.some(({ name }) => name === place.container)
          ? place
          : { ...place, container: undefined }
        return toWorkload(deployment, named, { autoscalers: autoscalers.items, pods: own, problems })
      })
    },

    revisions: async (ref) => readRevisions(locator.place(ref)),
    logs: async (ref, options) => readLogs(locator.place(ref), options),
    events: async (ref) => readEvents(locator.place(ref)),
    followRollout: async (ref, options) => followRollout(locator.place(ref), options),
  }
}

/** Why pods are not ready is told by events, of which a busy namespace has thousands: those of a few pods are asked for one by one. */
async function warningsFor(cluster: Cluster, namespace: string, pods: readonly Pod[]): Promise<KubeEvent[]> {
  const unwell = pods.filter((pod) => !isReady(pod) && !pod.metadata.deletionTimestamp)
  if (unwell.length === 0) return []
  const ofEach = unwell.map(({ metadata }) => `,involvedObject.uid=${metadata.uid}`)
  const lists = await Promise.all(
    (unwell.length > ASKED_ONE_BY_ONE ? [''] : ofEach).map((one) =>
      cluster.list(paths.events(namespace), KubeEvent, { fieldSelector: `type=Warning${one}` }),
    ),
  )
  return lists.flatMap(({ items }) => items)
}

function serviceOf(catalog: Catalog, workload: string): string {
  return catalog.services.find((service) => service.workload === workload)?.name ?? workload
}

function matches({ spec }: Deployment, { metadata }: Pod): boolean {
  return (
    Object.entries(spec.selector.matchLabels).every(([key, value]) => metadata.labels[key] === value) &&
    spec.selector.matchExpressions.every(({ key, operator, values }) => {
      const value = metadata.labels[key]
      if (operator === 'Exists') return value !== undefined
      if (operator === 'DoesNotExist') return value === undefined
      const among = value !== undefined && values.includes(value)
      return operator === 'In' ? among : !among
    })
  )
}
