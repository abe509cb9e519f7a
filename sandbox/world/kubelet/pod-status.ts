import { withCondition } from '../../controllers/objects.ts'
import type { Condition, ContainerStatus, Pod, PodStatus } from '../../store/kinds.ts'
import type { ContainerRuntime } from './container.ts'

/** The reference without tag and digest; a colon before the last slash is a port. */
function repositoryOf(reference: string): string {
  return reference.replace(/@sha256:.*$/, '').replace(/:[^:/]*$/, '')
}

function containerStatus(container: ContainerRuntime): ContainerStatus {
  const run = container.run ?? container.previousRun
  return {
    name: container.spec.name,
    image: container.spec.image,
    imageID: run === undefined ? '' : `${repositoryOf(container.spec.image)}@${run.image.digest}`,
    ...(run === undefined ? {} : { containerID: run.containerId }),
    ready: container.ready,
    started: container.started,
    restartCount: container.restartCount,
    state: container.state,
    lastState: container.lastState,
  }
}

function phaseOf(pod: Pod, containers: ContainerRuntime[]): NonNullable<PodStatus['phase']> {
  const ended = containers.every((container) => container.state.terminated !== undefined)
  if (ended && pod.spec.restartPolicy !== undefined && pod.spec.restartPolicy !== 'Always') {
    const clean = containers.every((container) => container.state.terminated?.exitCode === 0)
    if (clean) return 'Succeeded'
    if (pod.spec.restartPolicy === 'Never') return 'Failed'
  }
  const begun = containers.every((container) => container.run !== undefined || container.previousRun !== undefined)
  return begun ? 'Running' : 'Pending'
}

function qosClass(pod: Pod): string {
  const resources = pod.spec.containers.map((container) => container.resources ?? {})
  const none = resources.every((each) => !each.requests && !each.limits)
  if (none) return 'BestEffort'
  const guaranteed = resources.every((each) =>
    ['cpu', 'memory'].every((name) => each.limits?.[name] && each.limits[name] === each.requests?.[name]),
  )
  return guaranteed ? 'Guaranteed' : 'Burstable'
}

/** The status the kubelet reports for a pod. */
export function composeStatus(
  pod: Pod,
  containers: ContainerRuntime[],
  address: { podIp: string | undefined; hostIp: string; startTime: string },
  now: string,
): PodStatus {
  const notReady = containers.filter((container) => !container.ready).map((container) => container.spec.name)
  const phase = phaseOf(pod, containers)
  const isDone = phase === 'Succeeded' || phase === 'Failed'
  const unready = isDone
    ? { reason: phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${notReady.join(' ')}]` }
  const readiness = (type: string): Condition =>
    notReady.length === 0 ? { type, status: 'True' } : { type, status: 'False', ...unready }
  const conditions: Condition[] = [
    { type: 'PodReadyToStartContainers', status: address.podIp === undefined ? 'False' : 'True' },
    { type: 'Initialized', status: 'True' },
    readiness('Ready'),
    readiness('ContainersReady'),
  ]
  return {
    ...pod.status,
    phase,
    observedGeneration: pod.metadata.generation,
    conditions: conditions.reduce(
      (known, condition) => withCondition(known, condition, now),
      pod.status?.conditions ?? [],
    ),
    hostIP: address.hostIp,
    ...(address.podIp === undefined ? {} : { podIP: address.podIp, podIPs: [{ ip: address.podIp }] }),
    startTime: address.startTime,
    qosClass: qosClass(pod),
    containerStatuses: containers.map(containerStatus),
  }
}
