import type { Finding } from './findings.ts'
import type { ContainerStatus, KubeEvent, Pod } from './kinds.ts'

const CANNOT_PULL = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
])
const CANNOT_CREATE = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PostStartHookError',
])
/** What the registry answers when waiting will not help. */
const HOPELESS_PULL =
  /not found|manifest unknown|name unknown|does not exist|unauthorized|denied|forbidden|no basic auth/i
/** One crash may be bad luck with a dependency's start; after the second restart it is a loop. */
const LOOP_AFTER_RESTARTS = 2
const OOM = 'OOMKilled'

/** What is wrong with one container of a pod that is not ready; undefined when it is only starting. */
export function containerFinding(pod: Pod, status: ContainerStatus, events: readonly KubeEvent[]): Finding | undefined {
  const { name } = pod.metadata
  const waiting = status.state.waiting
  if (waiting && CANNOT_PULL.has(waiting.reason)) return cannotPull(name, status, waiting, events)
  if (waiting && CANNOT_CREATE.has(waiting.reason)) {
    const why = waiting.message || waiting.reason
    return { problem: { kind: 'config', pod: name, says: `${name} cannot be started: ${why}` }, verdict: 'soon' }
  }
  const ended = status.state.terminated ?? status.lastState.terminated
  const crashed = ended && (ended.exitCode !== 0 || status.restartCount > 0)
  if (crashed && !status.ready) return crashing(name, status, ended, events)
  if (status.state.running && !status.ready) return failingProbe(name, status, events)
  return undefined
}

function cannotPull(
  pod: string,
  { image }: ContainerStatus,
  waiting: { reason: string; message: string },
  events: readonly KubeEvent[],
): Finding {
  // The back-off's own message names no cause before Kubernetes 1.31; the event of the failed pull always does.
  const failed = events.findLast(
    ({ reason, message }) => reason === 'Failed' && message.startsWith('Failed to pull image'),
  )
  const cause = pullCause(
    waiting.reason === 'ErrImagePull' ? waiting.message : (failed?.message ?? waiting.message),
    image,
  )
  const says = `${pod} cannot pull ${image}: ${cause || waiting.reason}`
  const invalid = waiting.reason === 'InvalidImageName' || waiting.reason === 'ErrImageNeverPull'
  const backedOff = waiting.reason === 'ImagePullBackOff'
  const verdict = invalid || (backedOff && HOPELESS_PULL.test(cause)) ? 'now' : 'deadline'
  return { problem: { kind: 'image-pull', pod, says }, verdict }
}

/** The last part of the container runtime's sentence, which is the registry's own. */
function pullCause(message: string, image: string): string {
  return message
    .replace(/^Back-off pulling image "[^"]*":?\s*/, '')
    .replace(/^Failed to pull image "[^"]*":\s*/, '')
    .replace(/^(?:ErrImagePull:\s*)?(?:rpc error: )?(?:code = \w+ desc = )?/, '')
    .replace(/^failed to pull and unpack image "[^"]*":\s*/, '')
    .replace(/^failed to resolve (?:reference|image) "[^"]*":\s*/, '')
    .replace(`${image}: `, '')
}

function crashing(
  pod: string,
  status: ContainerStatus,
  ended: { exitCode: number; reason: string; message: string },
  events: readonly KubeEvent[],
): Finding {
  const looping = status.state.waiting?.reason === 'CrashLoopBackOff' || status.restartCount >= LOOP_AFTER_RESTARTS
  const verdict = status.restartCount >= LOOP_AFTER_RESTARTS ? 'now' : 'deadline'
  const logs = { container: status.name, previous: !status.state.terminated }
  const times = status.restartCount > 1 ? `, ${status.restartCount} restarts so far` : ''
  if (ended.reason === OOM) {
    const says = `${pod} needs more memory than its limit allows and was killed for it (OOMKilled${times})`
    return { problem: { kind: 'out-of-memory', pod, says }, verdict, logs }
  }
  const probe = events.findLast(({ message }) => /^(?:Liveness|Startup) probe failed/.test(message))
  // A container that fails its probe is stopped by the kubelet (exit 137 or 143): the probe is the cause, the crash only the sign.
  if (probe && [137, 143, 0].includes(ended.exitCode)) {
    const says = `${pod} is restarted because it fails its check: ${probe.message}${times}`
    return { problem: { kind: 'failing-probe', pod, says }, verdict, logs }
  }
  const why = [`exit code ${ended.exitCode}`, ended.message.trim().split('\n').at(-1)].filter(Boolean).join(': ')
  const says = `${pod} ${looping ? 'starts and crashes again and again' : 'has crashed'} (${why}${times})`
  return { problem: { kind: 'crash-loop', pod, says }, verdict, logs }
}

function failingProbe(pod: string, status: ContainerStatus, events: readonly KubeEvent[]): Finding | undefined {
  const failed = events.findLast(({ reason }) => reason === 'Unhealthy')
  if (!failed) return undefined
  const times = failed.count && failed.count > 1 ? ` (${failed.count} times)` : ''
  const says = `${pod} runs but is not ready: ${failed.message}${times}`
  return {
    problem: { kind: 'failing-probe', pod, says },
    verdict: 'deadline',
    logs: { container: status.name, previous: false },
  }
}
