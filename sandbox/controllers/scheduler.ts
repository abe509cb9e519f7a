import type { Node, Pod } from '../store/kinds.ts'
import { parseQuantity } from '../store/quantity.ts'
import { timestamp } from '../store/timestamp.ts'
import type { ControllerContext } from './context.ts'
import { conditionOf, controllerOf, isActive, isTerminating, withCondition } from './objects.ts'
import { keyOf, splitKey, WorkQueue } from './work-queue.ts'

const source = { component: 'default-scheduler' }
const writer = { fieldManager: 'kube-scheduler' }

interface Load {
  cpu: number
  memory: number
  pods: number
}

export function requestsOf(pod: Pod): Load {
  const sum = (name: string) =>
    pod.spec.containers.reduce(
      (total, container) => total + (parseQuantity(container.resources?.requests?.[name]) || 0),
      0,
    )
  return { cpu: sum('cpu'), memory: sum('memory'), pods: 1 }
}

/** Places pods on nodes by their requests. @returns a function that stops it */
export function startScheduler(context: ControllerContext): () => void {
  const { store, clock, onError } = context
  const queue = new WorkQueue({
    clock,
    delayMs: 10,
    retryMs: 1000,
    longestRetryMs: 60_000,
    onError,
    reconcile: (key) => schedule(context, queue, ...splitKey(key)),
  })
  const waiting = () => store.list('pods').filter((pod) => !pod.spec.nodeName && isActive(pod))
  for (const pod of waiting()) queue.add(keyOf(pod))
  const unsubscribe = store.onChange(({ resource, object, type }) => {
    if (resource === 'pods' && type === 'ADDED') queue.add(keyOf(object))
    // Room appears when a pod goes or a node changes.
    if ((resource === 'pods' && type === 'DELETED') || resource === 'nodes') {
      for (const pod of waiting()) queue.add(keyOf(pod), 50)
    }
  })
  return () => {
    unsubscribe()
    queue.clear()
  }
}

const retryUnplacedMs = 60_000

function schedule(context: ControllerContext, queue: WorkQueue, namespace: string, name: string): void {
  const { store, clock, events } = context
  const pod = store.get('pods', namespace, name)
  if (pod === undefined || pod.spec.nodeName || isTerminating(pod)) return
  const nodes = store.list('nodes')
  const placed = store
    .list('pods')
    .filter((other) => other.spec.nodeName && other.status?.phase !== 'Succeeded' && other.status?.phase !== 'Failed')
  const { node, reasons, short } = chooseNode(pod, nodes, placed)
  const now = timestamp(clock.date())
  if (node === undefined) {
    const message = explain(nodes.length, reasons, short)
    store.modify(
      'pods',
      namespace,
      name,
      (draft) => {
        const condition = { type: 'PodScheduled', status: 'False' as const, reason: 'Unschedulable', message }
        draft.status = { ...draft.status, conditions: withCondition(draft.status?.conditions, condition, now) }
      },
      { ...writer, subresource: 'status' },
    )
    events.warning(source, pod, 'FailedScheduling', message)
    queue.add(keyOf(pod), retryUnplacedMs)
    return
  }
  store.modify(
    'pods',
    namespace,
    name,
    (draft) => {
      draft.spec.nodeName = node.metadata.name
    },
    writer,
  )
  const bound = store.modify(
    'pods',
    namespace,
    name,
    (draft) => {
      const conditions = withCondition(draft.status?.conditions, { type: 'PodScheduled', status: 'True' }, now)
      draft.status = {
        ...draft.status,
        conditions: conditions.map((each) =>
          each.type === 'PodScheduled' ? { ...each, reason: undefined, message: undefined } : each,
        ),
      }
    },
    { ...writer, subresource: 'status' },
  )
  events.normal(source, bound, 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node.metadata.name}`)
}

interface Choice {
  node: Node | undefined
  /** Why the others do not fit, with how many nodes each reason holds for. */
  reasons: Map<string, number>
  /** How many of those lack nothing but room. */
  short: number
}

/** The node that fits and has the most left, avoiding pods of the same owner; or the reasons why none does. */
function chooseNode(pod: Pod, nodes: readonly Node[], placed: readonly Pod[]): Choice {
  const wanted = requestsOf(pod)
  const owner = controllerOf(pod)?.uid
  const reasons = new Map<string, number>()
  let short = 0
  let best: { node: Node; score: number } | undefined
  for (const node of nodes) {
    const here = placed.filter((other) => other.spec.nodeName === node.metadata.name)
    const free = freeOn(node, here)
    const obstacles = obstaclesOf(pod, node, wanted, free)
    for (const obstacle of obstacles) reasons.set(obstacle, (reasons.get(obstacle) ?? 0) + 1)
    if (obstacles.some((obstacle) => LACK.test(obstacle))) short += 1
    if (obstacles.length > 0) continue
    const capacity = parseQuantity(node.status?.allocatable?.cpu)
    const memory = parseQuantity(node.status?.allocatable?.memory)
    const together = here.filter((other) => owner !== undefined && controllerOf(other)?.uid === owner).length
    const score = free.cpu / capacity + free.memory / memory - together
    if (best === undefined || score > best.score) best = { node, score }
  }
  return { node: best?.node, reasons, short }
}

function freeOn(node: Node, here: readonly Pod[]): Load {
  const used = here.map(requestsOf)
  const left = (name: 'cpu' | 'memory' | 'pods') =>
    parseQuantity(node.status?.allocatable?.[name]) - used.reduce((sum, load) => sum + load[name], 0)
  return { cpu: left('cpu'), memory: left('memory'), pods: left('pods') }
}

type Taint = NonNullable<Node['spec']['taints']>[number]

const isTolerated = (taint: Taint, pod: Pod): boolean | undefined =>
  pod.spec.tolerations?.some(
    ({ key, operator, value = '', effect }) =>
      (key === undefined || key === taint.key) &&
      (effect === undefined || effect === taint.effect) &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  )

function obstaclesOf(pod: Pod, node: Node, wanted: Load, free: Load): string[] {
  if (node.spec.unschedulable) return ['node(s) were unschedulable']
  const taint = node.spec.taints?.find((each) => each.effect !== 'PreferNoSchedule' && !isTolerated(each, pod))
  if (taint !== undefined) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`]
  if (conditionOf(node.status?.conditions, 'Ready')?.status !== 'True') return ['node(s) were not ready']
  const selector = Object.entries(pod.spec.nodeSelector ?? {})
  if (!selector.every(([key, value]) => node.metadata.labels?.[key] === value)) {
    return ["node(s) didn't match Pod's node affinity/selector"]
  }
  const short: string[] = []
  // Half a millicore and a byte of slack: sums of fractions are not exact.
  if (wanted.cpu > free.cpu + 0.0005) short.push('Insufficient cpu')
  if (wanted.memory > free.memory + 1) short.push('Insufficient memory')
  if (free.pods < 1) short.push('Too many pods')
  return short
}

const LACK = /^(?:Insufficient|Too many)/

function explain(nodes: number, reasons: Map<string, number>, short: number): string {
  if (nodes === 0) return 'no nodes available to schedule pods'
  const parts = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort()
  const preemption = [
    ...(short > 0 ? [`${short} No preemption victims found for incoming pod`] : []),
    ...(nodes > short ? [`${nodes - short} Preemption is not helpful for scheduling`] : []),
  ].sort()
  return `0/${nodes} nodes are available: ${parts.join(', ')}. preemption: 0/${nodes} nodes are available: ${preemption.join(', ')}.`
}
