import type { ContainerState, ContainerStatus, Pod } from '../../store/kinds.ts'
import type { KubeObject } from '../../store/types.ts'
import { AGE, type Column, NAME, orNone, sinceText, text, textAt, wide } from './column.ts'

export const POD_COLUMNS: Column[] = [
  NAME,
  text('Ready', (object) => readyText(asPod(object))),
  text('Status', (object) => podStatusText(asPod(object))),
  text('Restarts', (object, now) => restartsText(asPod(object), now)),
  AGE,
  wide('IP', (object) => orNone(textAt(object, 'status', 'podIP'))),
  wide('Node', (object) => orNone(textAt(object, 'spec', 'nodeName'))),
  wide('Nominated Node', (object) => orNone(textAt(object, 'status', 'nominatedNodeName'))),
  wide('Readiness Gates', () => '<none>'),
]

function asPod(object: KubeObject): Pod {
  return object as Pod // these columns are for pods only
}

function readyText(pod: Pod): string {
  const ready = (pod.status?.containerStatuses ?? []).filter((status) => status.ready && status.state?.running)
  return `${ready.length}/${pod.spec.containers.length}`
}

/** What `kubectl get pods` shows as STATUS: the most telling reason among phase, init containers and containers. */
function podStatusText(pod: Pod): string {
  const status = pod.status ?? {}
  if (pod.metadata.deletionTimestamp) return status.reason === 'NodeLost' ? 'Unknown' : 'Terminating'
  const initial = initReason(pod)
  if (initial) return initial
  let reason: string = status.reason || status.phase || 'Unknown'
  const gated = status.conditions?.find(
    (condition) => condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated',
  )
  if (gated) reason = 'SchedulingGated'
  let running = false
  for (const container of [...(status.containerStatuses ?? [])].reverse()) {
    const own = stateReason(container.state)
    if (own) reason = own
    else if (container.ready && container.state?.running) running = true
  }
  if (reason !== 'Completed' || !running) return reason
  const ready = status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True')
  return ready ? 'Running' : 'NotReady'
}

function stateReason(state: ContainerState | undefined): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason
  const ended = state?.terminated
  if (!ended) return undefined
  if (ended.reason) return ended.reason
  return ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`
}

function initReason(pod: Pod): string | undefined {
  const statuses = pod.status?.initContainerStatuses ?? []
  for (const [index, { state }] of statuses.entries()) {
    if (state?.terminated?.exitCode === 0) continue
    if (state?.terminated) return `Init:${stateReason(state)}`
    const waiting = state?.waiting?.reason
    if (waiting && waiting !== 'PodInitializing') return `Init:${waiting}`
    return `Init:${index}/${pod.spec.initContainers?.length ?? statuses.length}`
  }
  return undefined
}

function restartsText(pod: Pod, now: Date): string {
  const statuses: ContainerStatus[] = pod.status?.containerStatuses ?? []
  const count = statuses.reduce((sum, status) => sum + status.restartCount, 0)
  const last = statuses
    .map((status) => status.lastState?.terminated?.finishedAt)
    .filter((moment) => moment !== undefined)
    .sort()
    .at(-1)
  return count > 0 && last ? `${count} (${sinceText(last, now)} ago)` : String(count)
}
