import { forbidden } from '../store/errors.ts'
import type { Pod, ResourceQuota } from '../store/kinds.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { parseQuantity } from '../store/quantity.ts'
import type { AdmissionHook } from '../store/types.ts'
import type { ControllerContext } from './context.ts'
import { formatQuantity } from './quantity.ts'
import { keyOf, splitKey, WorkQueue } from './work-queue.ts'
import { writeStatus } from './write.ts'

/** "requests.cpu", "limits.memory", "cpu", "pods" → what one pod uses of it; undefined for a resource pods do not use. */
function podUsage(pod: Pod, resource: string): number | undefined {
  if (resource === 'pods' || resource === 'count/pods') return 1
  const match = /^(?:(requests|limits)\.)?(cpu|memory)$/.exec(resource)
  if (match?.[2] === undefined) return undefined
  const side = match[1] === 'limits' ? 'limits' : 'requests'
  const name = match[2]
  const amounts = pod.spec.containers.map((container) => parseQuantity(container.resources?.[side]?.[name]))
  return amounts.reduce((sum, amount) => sum + amount, 0)
}

function isCounted(pod: Pod): boolean {
  return pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed'
}

function usedOf(store: ObjectStore, namespace: string | undefined, resource: string): number {
  const counted = store.list('pods', { namespace }).filter(isCounted)
  return counted.reduce((sum, pod) => sum + (podUsage(pod, resource) || 0), 0)
}

/** Refuses pods that would take a namespace over a ResourceQuota, in the API server's words. */
export function createQuotaAdmission(store: ObjectStore): AdmissionHook {
  return ({ operation, resource, object }) => {
    if (resource !== 'pods' || operation !== 'CREATE') return
    const pod = object as Pod // the resource says so
    const { namespace, name, generateName } = pod.metadata
    const called = name || generateName || ''
    for (const quota of store.list('resourcequotas', { namespace })) checkQuota(store, quota, pod, called)
  }
}

function checkQuota(store: ObjectStore, quota: ResourceQuota, pod: Pod, name: string): void {
  const over: { resource: string; requested: number; used: number; limit: number }[] = []
  const unsaid: string[] = []
  for (const [resource, hard] of Object.entries(quota.spec.hard ?? {})) {
    const requested = podUsage(pod, resource)
    if (requested === undefined) continue
    if (Number.isNaN(requested)) {
      unsaid.push(`${resource} for: ${pod.spec.containers.map((container) => container.name).join(',')}`)
      continue
    }
    const used = usedOf(store, quota.metadata.namespace, resource)
    const limit = parseQuantity(hard)
    // Sums of millicores carry rounding errors far below anything that can be asked for.
    if (requested > 0 && used + requested > limit + 1e-6) over.push({ resource, requested, used, limit })
  }
  if (unsaid.length > 0) {
    throw forbidden('pods', name, `failed quota: ${quota.metadata.name}: must specify ${unsaid.sort().join('; ')}`)
  }
  if (over.length === 0) return
  over.sort((left, right) => (left.resource < right.resource ? -1 : 1))
  const list = (pick: (entry: (typeof over)[number]) => number) =>
    over.map((entry) => `${entry.resource}=${formatQuantity(entry.resource, pick(entry))}`).join(',')
  const requested = list((entry) => entry.requested)
  const used = list((entry) => entry.used)
  const limited = list((entry) => entry.limit)
  throw forbidden(
    'pods',
    name,
    `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${used}, limited: ${limited}`,
  )
}

/** Keeps ResourceQuota.status. @returns a function that stops it */
export function startQuotaController(context: ControllerContext): () => void {
  const { store, clock, onError } = context
  const reconcile = (key: string): void => {
    const [namespace, name] = splitKey(key)
    const quota = store.get('resourcequotas', namespace, name)
    if (quota === undefined) return
    const hard = quota.spec.hard ?? {}
    const used = Object.keys(hard).map((resource) => [
      resource,
      formatQuantity(resource, usedOf(store, namespace, resource)),
    ])
    writeStatus(store, 'resourcequotas', quota, { hard, used: Object.fromEntries(used) })
  }
  const queue = new WorkQueue({ clock, delayMs: 100, retryMs: 100, longestRetryMs: 10_000, onError, reconcile })
  for (const quota of store.list('resourcequotas')) queue.add(keyOf(quota))
  const unsubscribe = store.onChange(({ resource, object, type }) => {
    if (resource === 'resourcequotas' && type !== 'DELETED') queue.add(keyOf(object))
    if (resource !== 'pods' || type === 'MODIFIED') return
    for (const quota of store.list('resourcequotas', { namespace: object.metadata.namespace })) queue.add(keyOf(quota))
  })
  return () => {
    unsubscribe()
    queue.clear()
  }
}
