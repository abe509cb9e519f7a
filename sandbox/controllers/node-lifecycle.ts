import type { Timer } from '../clock.ts'
import type { Node } from '../store/kinds.ts'
import { timestamp } from '../store/timestamp.ts'
import type { ControllerContext } from './context.ts'
import { conditionOf, isTerminating, withCondition } from './objects.ts'

const source = { component: 'node-controller' }
const graceMs = 40_000
const evictionMs = 300_000
const writer = { subresource: 'status', fieldManager: 'kube-controller-manager' }
const unreachable = { key: 'node.kubernetes.io/unreachable' }

export interface NodeLifecycle {
  /** The node's kubelet stopped (true) or runs again (false). */
  setSilent(node: string, silent: boolean): void
  stop(): void
}

/** What the control plane does about a node it hears nothing from: not ready after 40 s, its pods evicted after 300 s more. */
export function startNodeLifecycle(context: ControllerContext): NodeLifecycle {
  const timers = new Map<string, Timer>()
  const after = (node: string, delayMs: number, run: () => void) => {
    timers.get(node)?.cancel()
    timers.set(node, context.clock.after(delayMs, run))
  }
  return {
    setSilent: (name, silent) => {
      if (!silent) {
        after(name, 1000, () => markReady(context, name, true))
        return
      }
      after(name, graceMs, () => {
        markReady(context, name, false)
        after(name, evictionMs, () => evictPods(context, name))
      })
    },
    stop: () => {
      for (const timer of timers.values()) timer.cancel()
    },
  }
}

function markReady(context: ControllerContext, name: string, ready: boolean): void {
  const { store, clock, events } = context
  const node = store.get('nodes', undefined, name)
  if (node === undefined) return
  const now = timestamp(clock.date())
  const isReady = conditionOf(node.status?.conditions, 'Ready')?.status === 'True'
  store.modify(
    'nodes',
    undefined,
    name,
    (draft) => {
      const condition = ready
        ? { type: 'Ready', status: 'True' as const, reason: 'KubeletReady', message: 'kubelet is posting ready status' }
        : {
            type: 'Ready',
            status: 'Unknown' as const,
            reason: 'NodeStatusUnknown',
            message: 'Kubelet stopped posting node status.',
          }
      draft.status = { ...draft.status, conditions: withCondition(draft.status?.conditions, condition, now) }
    },
    writer,
  )
  setTaints(context, name, ready)
  if (isReady !== ready) {
    const status = ready ? 'NodeReady' : 'NodeNotReady'
    events.normal(source, node, status, `Node ${name} status is now: ${status}`)
  }
  if (!ready) markPodsNotReady(context, name)
}

function setTaints(context: ControllerContext, name: string, ready: boolean): void {
  context.store.modify(
    'nodes',
    undefined,
    name,
    (draft) => {
      const others: NonNullable<Node['spec']['taints']> = (draft.spec.taints ?? []).filter(
        (taint) => taint.key !== unreachable.key,
      )
      const taints = ready
        ? others
        : [...others, { ...unreachable, effect: 'NoSchedule' }, { ...unreachable, effect: 'NoExecute' }]
      if (taints.length > 0) draft.spec.taints = taints
      else delete draft.spec.taints
    },
    { fieldManager: 'kube-controller-manager' },
  )
}

function markPodsNotReady(context: ControllerContext, node: string): void {
  const { store, clock, events } = context
  const now = timestamp(clock.date())
  for (const pod of store.list('pods').filter((each) => each.spec.nodeName === node)) {
    if (conditionOf(pod.status?.conditions, 'Ready')?.status !== 'True') continue
    store.modify(
      'pods',
      pod.metadata.namespace,
      pod.metadata.name,
      (draft) => {
        const condition = { type: 'Ready', status: 'False' as const }
        draft.status = { ...draft.status, conditions: withCondition(draft.status?.conditions, condition, now) }
      },
      writer,
    )
    events.warning(source, pod, 'NodeNotReady', 'Node is not ready')
  }
}

function evictPods(context: ControllerContext, node: string): void {
  const { store, events } = context
  for (const pod of store.list('pods').filter((each) => each.spec.nodeName === node && !isTerminating(each))) {
    const { namespace, name } = pod.metadata
    events.normal(
      { component: 'taint-eviction-controller' },
      pod,
      'TaintManagerEviction',
      `Marking for deletion Pod ${namespace}/${name}`,
    )
    store.delete('pods', namespace, name)
  }
}
