import { expect, test } from 'vitest'
import { sortFindings } from '../../../clients/kubernetes/findings.ts'
import { KubeEvent, Pod } from '../../../clients/kubernetes/kinds.ts'
import { podFindings } from '../../../clients/kubernetes/pod-problems.ts'

/** What a kubelet reports of a pod's only container; the texts are those of real clusters. */
function pod(container: object, status: object = {}) {
  return Pod.parse({
    metadata: { name: 'checkout-6d5f-abcde', uid: 'p1' },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [{ name: 'checkout', image: 'registry.test/checkout:1.0', ...container }],
      ...status,
    },
  })
}

function event(reason: string, message: string, extra: object = {}) {
  return KubeEvent.parse({
    metadata: { name: 'e', creationTimestamp: '2026-01-01T00:00:00Z' },
    involvedObject: { kind: 'Pod', name: 'checkout-6d5f-abcde', uid: 'p1' },
    type: 'Warning',
    reason,
    message,
    ...extra,
  })
}

const only = (found: ReturnType<typeof podFindings>) => {
  expect(found).toHaveLength(1)
  return { kind: found[0]?.problem.kind, says: found[0]?.problem.says, verdict: found[0]?.verdict }
}

const waiting = (reason: string, message = '') => ({ state: { waiting: { reason, message } } })

test.each([
  // containerd, Kubernetes 1.31 and later: the back-off names its cause
  [
    'Back-off pulling image "registry.test/checkout:1.0": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "registry.test/checkout:1.0": failed to resolve reference "registry.test/checkout:1.0": registry.test/checkout:1.0: not found',
    [],
    'not found',
    'now',
  ],
  // before: only the event does
  [
    'Back-off pulling image "registry.test/checkout:1.0"',
    [
      'Failed to pull image "registry.test/checkout:1.0": rpc error: code = Unknown desc = failed to resolve reference "registry.test/checkout:1.0": pull access denied, repository does not exist or may require authorization',
    ],
    'pull access denied, repository does not exist or may require authorization',
    'now',
  ],
  // the registry is down: that passes
  [
    'Back-off pulling image "registry.test/checkout:1.0": ErrImagePull: failed to pull and unpack image "registry.test/checkout:1.0": failed to resolve reference "registry.test/checkout:1.0": dial tcp 10.0.0.1:443: i/o timeout',
    [],
    'dial tcp 10.0.0.1:443: i/o timeout',
    'deadline',
  ],
])('an image that cannot be pulled: %s', (message, events, cause, verdict) => {
  const failed = events.map((text) => event('Failed', text))
  const found = only(podFindings([pod(waiting('ImagePullBackOff', message), { phase: 'Pending' })], failed))
  expect(found).toEqual({
    kind: 'image-pull',
    says: `checkout-6d5f-abcde cannot pull registry.test/checkout:1.0: ${cause}`,
    verdict,
  })
})

test('the first failed pull is no reason to give up', () => {
  const found = only(podFindings([pod(waiting('ErrImagePull', 'rpc error: code = NotFound desc = x: not found'))], []))
  expect(found.verdict).toBe('deadline')
})

test('a missing secret or config map', () => {
  const found = only(podFindings([pod(waiting('CreateContainerConfigError', 'secret "stripe" not found'))], []))
  expect(found).toEqual({
    kind: 'config',
    says: 'checkout-6d5f-abcde cannot be started: secret "stripe" not found',
    verdict: 'soon',
  })
  const mount = event('FailedMount', 'MountVolume.SetUp failed for volume "tls": secret "tls" not found')
  expect(only(podFindings([pod(waiting('ContainerCreating'))], [mount]))).toMatchObject({
    kind: 'config',
    says: 'checkout-6d5f-abcde cannot start: MountVolume.SetUp failed for volume "tls": secret "tls" not found',
  })
})

const ended = (exitCode: number, reason: string) => ({ lastState: { terminated: { exitCode, reason } } })

test('out of memory is told from a crash', () => {
  const killed = { ...ended(137, 'OOMKilled'), ...waiting('CrashLoopBackOff'), restartCount: 3 }
  expect(only(podFindings([pod(killed)], []))).toEqual({
    kind: 'out-of-memory',
    says: 'checkout-6d5f-abcde needs more memory than its limit allows and was killed for it (OOMKilled, 3 restarts so far)',
    verdict: 'now',
  })
})

test('one crash is bad luck, the second restart is a loop', () => {
  const once = { ...ended(1, 'Error'), ...waiting('CrashLoopBackOff'), restartCount: 1 }
  expect(only(podFindings([pod(once)], [])).verdict).toBe('deadline')
  const twice = { ...ended(1, 'Error'), state: { running: {} }, restartCount: 2 }
  expect(only(podFindings([pod(twice)], []))).toMatchObject({ kind: 'crash-loop', verdict: 'now' })
})

test('a container that its liveness or startup probe stops is not called crashed', () => {
  const stopped = { ...ended(137, 'Error'), state: { running: {} }, restartCount: 2 }
  const probe = event('Unhealthy', 'Startup probe failed: HTTP probe failed with statuscode: 500')
  expect(only(podFindings([pod(stopped)], [probe]))).toEqual({
    kind: 'failing-probe',
    says: 'checkout-6d5f-abcde is restarted because it fails its check: Startup probe failed: HTTP probe failed with statuscode: 500, 2 restarts so far',
    verdict: 'now',
  })
})

test('the newest event speaks, whatever order they come in', () => {
  const running = { state: { running: {} } }
  const old = event('Unhealthy', 'Readiness probe failed: connection refused', {
    lastTimestamp: '2026-01-01T00:00:01Z',
  })
  const recent = event('Unhealthy', 'Readiness probe failed: statuscode: 503', {
    lastTimestamp: '2026-01-01T00:00:09Z',
    count: 4,
  })
  expect(only(podFindings([pod(running)], [recent, old])).says).toBe(
    'checkout-6d5f-abcde runs but is not ready: Readiness probe failed: statuscode: 503 (4 times)',
  )
  // Somebody else's trouble is not this pod's.
  const foreign = { ...old, involvedObject: { ...old.involvedObject, uid: 'p2' } }
  expect(podFindings([pod(running)], [foreign])).toEqual([])
})

test('no room, and an evicted pod', () => {
  const conditions = [
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/3 nodes are available: 3 Insufficient cpu.',
    },
  ]
  expect(only(podFindings([pod({}, { phase: 'Pending', conditions, containerStatuses: [] })], []))).toEqual({
    kind: 'no-room',
    says: 'checkout-6d5f-abcde finds no node to run on: 0/3 nodes are available: 3 Insufficient cpu.',
    verdict: 'deadline',
  })
  const evicted = { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }
  expect(only(podFindings([pod({}, evicted)], [])).says).toBe(
    'checkout-6d5f-abcde has failed: Evicted: The node was low on resource: memory.',
  )
})

test('ready pods, pods on their way out and pods that only start have no problem', () => {
  const ready = { conditions: [{ type: 'Ready', status: 'True' }] }
  expect(podFindings([pod({ ...ended(1, 'Error'), restartCount: 9 }, ready)], [])).toEqual([])
  const leaving = pod(waiting('CrashLoopBackOff'))
  leaving.metadata.deletionTimestamp = '2026-01-01T00:00:00Z'
  expect(podFindings([leaving], [])).toEqual([])
  expect(podFindings([pod({ state: { running: {} } })], [])).toEqual([])
  expect(podFindings([pod(waiting('ContainerCreating'))], [])).toEqual([])
})

test('many pods with one trouble are one line, the root cause first', () => {
  const crashing = ['a', 'b', 'c'].map((name) => {
    const one = pod({ ...ended(1, 'Error'), ...waiting('CrashLoopBackOff'), restartCount: 2 })
    one.metadata.name = name
    return one
  })
  const unready = podFindings([pod({ state: { running: {} } })], [event('Unhealthy', 'Readiness probe failed: x')])
  const sorted = sortFindings([...unready, ...podFindings(crashing, [])])
  expect(sorted.map(({ problem }) => problem.kind)).toEqual(['crash-loop', 'failing-probe'])
  expect(sorted[0]?.problem.says).toBe(
    'a starts and crashes again and again (exit code 1, 2 restarts so far) (2 other pods the same)',
  )
})
