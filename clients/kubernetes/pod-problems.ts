import { containerFinding } from './container-problems.ts'
import type { Finding } from './findings.ts'
import { eventTime, type KubeEvent, type Pod } from './kinds.ts'

/** What keeps these pods from being ready, in plain words. Pods that are ready, ended or on their way out have no problem. */
export function podFindings(pods: readonly Pod[], events: readonly KubeEvent[]): Finding[] {
  const inTime = events.toSorted((a, b) => Date.parse(eventTime(a)) - Date.parse(eventTime(b)))
  return pods.flatMap((pod) => {
    if (pod.metadata.deletionTimestamp || pod.status.phase === 'Succeeded' || isReady(pod)) return []
    const own = inTime.filter(({ involvedObject }) => involvedObject.uid === pod.metadata.uid)
    return ofPod(pod, own)
  })
}

export function isReady(pod: Pod): boolean {
  return pod.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

function ofPod(pod: Pod, events: readonly KubeEvent[]): Finding[] {
  const { name } = pod.metadata
  if (pod.status.phase === 'Failed') {
    const why = [pod.status.reason, pod.status.message].filter(Boolean).join(': ') || 'no reason given'
    return [{ problem: { kind: 'other', pod: name, says: `${name} has failed: ${why}` }, verdict: 'deadline' }]
  }
  const scheduled = pod.status.conditions.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    const why = scheduled.message || 'the scheduler gives no reason'
    // A cluster autoscaler may yet bring a node.
    return [
      { problem: { kind: 'no-room', pod: name, says: `${name} finds no node to run on: ${why}` }, verdict: 'deadline' },
    ]
  }
  const statuses = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses]
  const findings = statuses.flatMap((status) => containerFinding(pod, status, events) ?? [])
  if (findings.length || statuses.some(({ state }) => state.running)) return findings
  return mountFinding(name, events)
}

/** A volume, secret or config map that the pod waits for shows in events only: the container has not begun. */
function mountFinding(pod: string, events: readonly KubeEvent[]): Finding[] {
  const failed = events.findLast(({ reason }) => reason === 'FailedMount' || reason === 'FailedAttachVolume')
  if (!failed) return []
  return [{ problem: { kind: 'config', pod, says: `${pod} cannot start: ${failed.message}` }, verdict: 'deadline' }]
}
