import type { Probe } from '../../store/kinds.ts'
import type { ContainerRuntime } from './container.ts'
import { killContainer } from './lifecycle.ts'
import type { PodWorker } from './pod-worker.ts'
import { ProbeLoop } from './probe-loop.ts'

type ProbeKind = 'startup' | 'readiness' | 'liveness'

const spoken: Record<ProbeKind, string> = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' }

function urlOf(worker: PodWorker, container: ContainerRuntime, probe: Probe): string {
  const wanted = probe.httpGet?.port ?? probe.tcpSocket?.port ?? 8080
  const named = container.spec.ports?.find((port) => port.name === wanted)?.containerPort
  return `http://${worker.podIp}:${named ?? wanted}${probe.httpGet?.path ?? '/'}`
}

function startLoop(
  worker: PodWorker,
  container: ContainerRuntime,
  kind: ProbeKind,
  probe: Probe,
  onVerdict: (succeeded: boolean) => void,
): void {
  const program = container.run?.program
  if (program === undefined) return
  const { clock } = worker.context
  const url = urlOf(worker, container, probe)
  container.probes.push(
    new ProbeLoop({
      clock,
      probe,
      // Readiness and liveness begin when the startup probe has passed.
      startedMs: kind === 'startup' || container.spec.startupProbe === undefined ? program.startedMs : clock.now(),
      check: () => program.probeFailure(kind, url, clock.now()),
      nextChangeMs: () => program.nextChangeMs(clock.now()),
      onFailure: (message) =>
        worker.event('Warning', 'Unhealthy', `${spoken[kind]} probe failed: ${message}`, container),
      onVerdict,
    }),
  )
}

/** Starts the probes of a running container; one without probes is started and ready at once. */
export function startProbes(worker: PodWorker, container: ContainerRuntime): void {
  const { startupProbe } = container.spec
  if (startupProbe === undefined || container.started) {
    startOthers(worker, container)
    return
  }
  startLoop(worker, container, 'startup', startupProbe, (succeeded) => {
    if (!succeeded) {
      killContainer(worker, container, `Container ${container.spec.name} failed startup probe, will be restarted`)
      return
    }
    for (const probe of container.probes) probe.stop()
    container.probes = []
    startOthers(worker, container)
    worker.publish()
  })
}

function startOthers(worker: PodWorker, container: ContainerRuntime): void {
  const { readinessProbe, livenessProbe } = container.spec
  container.started = true
  if (readinessProbe === undefined) container.ready = true
  else {
    startLoop(worker, container, 'readiness', readinessProbe, (succeeded) => {
      container.ready = succeeded
      worker.publish()
    })
  }
  if (livenessProbe === undefined) return
  startLoop(worker, container, 'liveness', livenessProbe, (succeeded) => {
    if (succeeded) return
    killContainer(worker, container, `Container ${container.spec.name} failed liveness probe, will be restarted`)
  })
}
