import { badRequest, notFound, StatusError } from '../store/errors.ts'
import { isRecord, recordAt } from '../store/immutable.ts'
import type { LabelSelector, Pod } from '../store/kinds.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { matchesLabels, requirementsOf } from '../store/selectors.ts'
import type { KubeObject } from '../store/types.ts'
import { readObject } from './body.ts'
import { type ApiRequest, isDryRun, methodNotAllowed } from './request.ts'
import type { Answer } from './respond.ts'

/**
 * POST …/pods/<name>/eviction: a deletion that a PodDisruptionBudget may refuse. The budget is counted here and now from the
 * ready pods, where the real server asks the disruption controller's status. @throws 404, 429
 */
export async function evict(store: ObjectStore, request: ApiRequest): Promise<Answer> {
  if (request.verb !== 'create') throw methodNotAllowed()
  const { namespace, name = '' } = request
  const body = (await readObject(request.message)) ?? {}
  if (!isRecord(body)) throw badRequest('the body of an eviction must be an Eviction')
  const pod = store.get('pods', namespace, name)
  if (!pod) throw notFound('pods', name)
  for (const budget of store.list('policy/poddisruptionbudgets', { namespace })) {
    if (covers(budget, pod)) refuseWhenSpent(store, budget, pod)
  }
  const grace = recordAt(body, 'deleteOptions').gracePeriodSeconds
  const options = typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}
  store.delete('pods', namespace, name, { ...options, dryRun: isDryRun(request.query) })
  return { code: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } }
}

function covers(budget: KubeObject, pod: Pod): boolean {
  const selector = recordAt(budget, 'spec').selector as LabelSelector | undefined // decoded by its schema
  return selector !== undefined && matchesLabels(pod.metadata.labels, requirementsOf(selector))
}

function refuseWhenSpent(store: ObjectStore, budget: KubeObject, pod: Pod): void {
  const spec = recordAt(budget, 'spec')
  // Neither what has not begun nor what is over or leaving is anybody's to keep.
  if (pod.status?.phase !== 'Running' || isLeaving(pod)) return
  const mine = store.list('pods', { namespace: pod.metadata.namespace }).filter((other) => covers(budget, other))
  const pods = mine.filter((other) => !isLeaving(other))
  const healthy = pods.filter((other) =>
    other.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
  )
  const needed =
    spec.minAvailable === undefined
      ? pods.length - countOf(spec.maxUnavailable ?? 1, pods.length)
      : countOf(spec.minAvailable, pods.length)
  if (healthy.length - 1 >= needed) return
  // One that does not work may go while the others are enough, or always, where the budget says so.
  const isEnough = needed > 0 && healthy.length >= needed
  if (!healthy.includes(pod) && (isEnough || spec.unhealthyPodEvictionPolicy === 'AlwaysAllow')) return
  const why = `The disruption budget ${budget.metadata.name} needs ${needed} healthy pods and has ${healthy.length} currently`
  throw new StatusError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message: why }],
  })
}

const isLeaving = (pod: Pod) => pod.metadata.deletionTimestamp !== undefined

/** A count or a percentage of `total`; percentages round up. */
function countOf(value: unknown, total: number): number {
  const text = String(value)
  return text.endsWith('%') ? Math.ceil((Number.parseInt(text, 10) / 100) * total) : Number(text)
}
