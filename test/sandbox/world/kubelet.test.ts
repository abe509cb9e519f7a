import { describe, expect, it } from 'vitest'
import { StatusError } from '../../../sandbox/store/errors.ts'
import type { ContainerStatus } from '../../../sandbox/store/kinds.ts'
import { createCluster, deploymentNamed, imageOf, isComplete, namespace, type TestCluster } from './cluster.ts'

const probes = {
  startupProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 5, failureThreshold: 30 },
  livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10, failureThreshold: 3 },
}

function only(cluster: TestCluster): ContainerStatus | undefined {
  return cluster.pods()[0]?.status?.containerStatuses?.[0]
}

function run(version: string, container = {}, service = 'checkout'): TestCluster {
  const cluster = createCluster()
  cluster.store.create('apps/deployments', deploymentNamed(service, version, { replicas: 1, container }))
  return cluster
}

const noOptions = { follow: false, previous: false, timestamps: false, signal: new AbortController().signal }

describe('the kubelet', () => {
  it('brings a good pod from Pending to Ready, with its events', () => {
    const cluster = run('1.4.1')
    cluster.until('creating', () => only(cluster)?.state?.waiting?.reason === 'ContainerCreating', 5)
    expect(cluster.pods()[0]?.status?.phase).toBe('Pending')
    cluster.until('ready', () => only(cluster)?.ready === true, 60)
    const pod = cluster.pods()[0]
    expect(pod?.status?.phase).toBe('Running')
    expect(pod?.status?.podIP).toMatch(/^10\.244\.\d+\.\d+$/)
    expect(only(cluster)?.imageID).toMatch(/^registry\.sandbox\.test\/shop\/checkout@sha256:[a-f0-9]{64}$/)
    for (const reason of ['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started', 'SuccessfulCreate']) {
      expect(cluster.events(reason), reason).toHaveLength(1)
    }
    expect(cluster.events('Pulled')[0]?.message).toMatch(
      /^Successfully pulled image ".*:1\.4\.1" in [\d.]+m?s \(.*\)\. Image size: \d+ bytes\.$/,
    )
  })

  it('backs off 10, 20, 40, … 300 seconds from the second crash on', () => {
    const cluster = run('1.5.0')
    const starts: number[] = []
    let seen = ''
    const until = cluster.clock.now() + 2_400_000
    while (cluster.clock.now() < until) {
      cluster.clock.advance(500)
      const startedAt = only(cluster)?.state?.running?.startedAt ?? seen
      if (startedAt !== seen) starts.push(Date.parse(startedAt) / 1000)
      seen = startedAt
    }
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0))
    // Each run lasts 4 s and a restart takes under 1.5 s; what remains is the wait.
    const waits = [1, 10, 20, 40, 80, 160, 300, 300].map((seconds) => seconds + 4)
    for (const [index, wait] of waits.entries()) {
      expect(gaps[index], `gap ${index}`).toBeGreaterThanOrEqual(wait - 1)
      expect(gaps[index], `gap ${index}`).toBeLessThanOrEqual(wait + 2.5)
    }
    cluster.until('waiting', () => only(cluster)?.state?.waiting?.reason === 'CrashLoopBackOff')
    expect(only(cluster)?.state?.waiting?.message).toMatch(
      /^back-off 5m0s restarting failed container=checkout pod=checkout-/,
    )
    expect(only(cluster)?.lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' })
    expect(cluster.events('BackOff')[0]).toMatchObject({ type: 'Warning' })
    expect(cluster.events('BackOff')[0]?.count).toBeGreaterThan(3)
    const pod = { namespace, name: cluster.pods()[0]?.metadata.name ?? '' }
    const text = String(cluster.world.logs(pod, 'checkout', { ...noOptions, previous: true }))
    expect(text).toContain('starting checkout 1.5.0')
    expect(text).toContain('PAYMENT_PROVIDER_URL is not set')
  })

  it('says in the real words that an image does not exist, and takes it once it does', () => {
    const cluster = run('1.6.0')
    const image = imageOf('checkout', '1.6.0')
    cluster.until('error', () => only(cluster)?.state?.waiting?.reason === 'ErrImagePull', 30)
    expect(only(cluster)?.state?.waiting?.message).toBe(
      `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
    )
    cluster.until('back-off', () => only(cluster)?.state?.waiting?.reason === 'ImagePullBackOff', 30)
    expect(only(cluster)?.state?.waiting?.message).toMatch(
      /^Back-off pulling image ".*1\.6\.0": ErrImagePull: rpc error/,
    )
    const name = cluster.pods()[0]?.metadata.name ?? ''
    expect(() => cluster.world.logs({ namespace, name }, 'checkout', noOptions)).toThrow(StatusError)
    cluster.world.control.publish('checkout', '1.6.0', 'healthy')
    cluster.until('ready', () => isComplete(cluster.deployment('checkout')), 320)
  })

  it('waits for a slow start with a startup probe, and kills it without enough patience', () => {
    const patient = run('1.5.1', probes)
    patient.advance(80)
    expect(only(patient)).toMatchObject({ ready: false, restartCount: 0 })
    expect(patient.events('Unhealthy')[0]?.message).toMatch(
      /^Startup probe failed: Get "http:\/\/10\.244\.\d+\.\d+:8080\/healthz": dial tcp .*: connect: connection refused$/,
    )
    patient.until('ready', () => only(patient)?.ready === true, 40)
    const hasty = run('1.5.1', { startupProbe: { ...probes.startupProbe, failureThreshold: 4 } })
    hasty.until('restart', () => (only(hasty)?.restartCount ?? 0) > 0, 60)
    expect(hasty.events('Killing')[0]?.message).toBe('Container checkout failed startup probe, will be restarted')
  })

  it('never makes a version ready that answers its readiness probe with 503', () => {
    const cluster = run('1.5.4', probes)
    cluster.advance(300)
    expect(only(cluster)).toMatchObject({ ready: false, restartCount: 0, started: true })
    expect(cluster.events('Unhealthy').map((event) => event.message)).toContain(
      'Readiness probe failed: HTTP probe failed with statuscode: 503',
    )
  })

  it('restarts a hung program after three failed liveness probes, by SIGKILL', () => {
    const cluster = run('1.5.5', probes)
    cluster.until('restart', () => (only(cluster)?.restartCount ?? 0) > 0, 200)
    expect(only(cluster)?.lastState?.terminated).toMatchObject({ exitCode: 137, reason: 'Error' })
    expect(cluster.events('Killing')[0]?.message).toBe('Container checkout failed liveness probe, will be restarted')
  })

  it('kills a leaking program at its memory limit', () => {
    const cluster = run('1.5.3')
    cluster.until('restart', () => (only(cluster)?.restartCount ?? 0) > 0, 600)
    expect(only(cluster)?.lastState?.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' })
  })

  it('honours the grace period of a deletion', () => {
    const cluster = run('1.4.1')
    cluster.until('ready', () => only(cluster)?.ready === true, 60)
    const name = cluster.pods()[0]?.metadata.name ?? ''
    cluster.store.delete('pods', namespace, name)
    cluster.advance(0.1)
    expect(cluster.store.get('pods', namespace, name)?.metadata.deletionTimestamp).toBeDefined()
    cluster.until('gone', () => cluster.store.get('pods', namespace, name) === undefined, 5)
    cluster.until('replaced', () => only(cluster)?.ready === true, 60)
  })

  it('applies and takes back faults of a running service', () => {
    const cluster = run('1.4.1', probes)
    cluster.until('ready', () => only(cluster)?.ready === true, 60)
    cluster.world.control.setFaults('checkout', namespace, { unready: true })
    cluster.until('unready', () => only(cluster)?.ready === false, 10)
    cluster.world.control.clearFaults('checkout', namespace)
    cluster.until('ready again', () => only(cluster)?.ready === true, 10)
    cluster.world.control.setFaults('checkout', namespace, { crash: true })
    cluster.until('crash loop', () => only(cluster)?.state?.waiting?.reason === 'CrashLoopBackOff', 30)
    cluster.world.control.clearFaults('checkout', namespace)
    cluster.until('recovered', () => only(cluster)?.ready === true, 60)
  })

  it('loses a node: not ready after 40 s, its pods elsewhere after 5 minutes more, and takes it back', () => {
    const cluster = createCluster()
    cluster.store.create('apps/deployments', deploymentNamed('checkout', '1.4.1', { replicas: 3 }))
    cluster.until('complete', () => isComplete(cluster.deployment('checkout')))
    cluster.world.control.setNodeDown('node-1', true)
    cluster.advance(45)
    expect(cluster.deployment('checkout').status?.availableReplicas).toBe(2)
    cluster.advance(330)
    expect(cluster.deployment('checkout').status?.availableReplicas).toBe(3)
    expect(cluster.pods().filter((pod) => pod.metadata.deletionTimestamp)).toHaveLength(1)
    cluster.world.control.setNodeDown('node-1', false)
    cluster.advance(30)
    expect(cluster.pods()).toHaveLength(3)
  })
})
