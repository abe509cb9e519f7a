import { hash32 } from '../../random.ts'
import type { ResolvedImage } from '../../registry/registry.ts'
import { timestamp } from '../../store/timestamp.ts'
import { backoffMs, type ContainerRuntime, formatBackoff, quiet } from './container.ts'
import type { PodWorker } from './pod-worker.ts'
import { startProbes } from './probes.ts'
import type { PlannedExit } from './program.ts'
import { createProgram } from './programs.ts'
import { formatDuration, pullImage } from './pull.ts'

const forgetCrashesAfterMs = 600_000
const repeatBackoffEventMs = 15_000

function plan(worker: PodWorker, container: ContainerRuntime, delayMs: number, run: () => void): void {
  container.timers.push(worker.context.clock.after(delayMs, run))
}

/** Gets the image, from the node's own store where the policy allows, and starts the container. */
export function beginPull(worker: PodWorker, container: ContainerRuntime): void {
  quiet(container)
  const { image, imagePullPolicy } = container.spec
  const stored = worker.context.storedImage(worker.node, image)
  if (stored !== undefined && imagePullPolicy !== 'Always') {
    const message = `Container image "${image}" already present on machine and can be accessed by the pod`
    worker.event('Normal', 'Pulled', message, container)
    create(worker, container, stored)
    return
  }
  worker.event('Normal', 'Pulling', `Pulling image "${image}"`, container)
  const outcome = pullImage(worker.context.registry, image, stored !== undefined, worker.random)
  if (outcome.ok) {
    plan(worker, container, outcome.tookMs, () => {
      container.pullFailures = 0
      worker.context.storeImage(worker.node, image, outcome.image)
      const took = formatDuration(outcome.tookMs)
      const message = `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${outcome.image.sizeBytes} bytes.`
      worker.event('Normal', 'Pulled', message, container)
      create(worker, container, outcome.image)
    })
    return
  }
  if (outcome.reason === 'InvalidImageName') {
    container.state = { waiting: { reason: outcome.reason, message: outcome.message } }
    worker.event('Warning', 'InspectFailed', outcome.message, container)
    worker.event('Warning', 'Failed', 'Error: InvalidImageName', container)
    worker.publish()
    return
  }
  plan(worker, container, outcome.tookMs, () => failPull(worker, container, outcome.message))
}

const errorStateMs = 3000

function failPull(worker: PodWorker, container: ContainerRuntime, message: string): void {
  const { image } = container.spec
  container.pullFailures++
  container.state = { waiting: { reason: 'ErrImagePull', message } }
  worker.event('Warning', 'Failed', `Failed to pull image "${image}": ${message}`, container)
  worker.event('Warning', 'Failed', 'Error: ErrImagePull', container)
  worker.publish()
  plan(worker, container, errorStateMs, () => {
    const backingOff = `Back-off pulling image "${image}"`
    container.state = { waiting: { reason: 'ImagePullBackOff', message: `${backingOff}: ErrImagePull: ${message}` } }
    worker.event('Normal', 'BackOff', backingOff, container)
    worker.event('Warning', 'Failed', 'Error: ImagePullBackOff', container)
    worker.publish()
  })
  plan(worker, container, backoffMs(container.pullFailures), () => beginPull(worker, container))
}

function create(worker: PodWorker, container: ContainerRuntime, image: ResolvedImage): void {
  plan(worker, container, Math.round(worker.random.between(100, 400)), () => startContainer(worker, container, image))
}

function startContainer(worker: PodWorker, container: ContainerRuntime, image: ResolvedImage): void {
  const { clock } = worker.context
  const nowMs = clock.now()
  const start = container.restartCount
  const identity = `${worker.uid}/${container.spec.name}/${start}`
  const containerId = [1, 2, 3, 4, 5, 6, 7, 8]
    .map((salt) => hash32(identity, salt).toString(16).padStart(8, '0'))
    .join('')
  container.previousRun = container.run ?? container.previousRun
  container.run = {
    program: createProgram(worker, container, image, nowMs),
    image,
    containerId: `containerd://${containerId}`,
    endedMs: undefined,
    exit: undefined,
  }
  container.state = { running: { startedAt: timestamp(clock.date()) } }
  worker.event('Normal', 'Created', `Created container: ${container.spec.name}`, container)
  worker.event('Normal', 'Started', `Started container ${container.spec.name}`, container)
  watchRun(worker, container)
  worker.publish()
}

/** Plans the end of the present run and asks its probes. Also after a kubelet's restart. */
export function watchRun(worker: PodWorker, container: ContainerRuntime): void {
  quiet(container)
  const exit = container.run?.program.plannedExit()
  if (exit !== undefined) {
    plan(worker, container, exit.atMs - worker.context.clock.now(), () => endContainer(worker, container, exit))
  }
  startProbes(worker, container)
}

/** SIGTERM, and SIGKILL after the grace period when the program hangs. */
export function killContainer(worker: PodWorker, container: ContainerRuntime, why: string): void {
  const program = container.run?.program
  if (program === undefined || container.state.running === undefined) return
  worker.event('Normal', 'Killing', why, container)
  quiet(container)
  const graceMs = (worker.pod?.spec.terminationGracePeriodSeconds ?? 30) * 1000
  const hung = program.isHung(worker.context.clock.now())
  const exit = { exitCode: hung ? 137 : 143, reason: 'Error' as const }
  plan(worker, container, hung ? graceMs : 500, () => endContainer(worker, container, exit))
}

function endContainer(
  worker: PodWorker,
  container: ContainerRuntime,
  exit: Pick<PlannedExit, 'exitCode' | 'reason'>,
): void {
  const run = container.run
  if (run === undefined || worker.context.isDown(worker.node)) return
  quiet(container)
  const { clock } = worker.context
  const nowMs = clock.now()
  run.endedMs = nowMs
  run.exit = exit
  container.ready = false
  container.started = false
  const terminated = {
    exitCode: exit.exitCode,
    reason: exit.reason,
    startedAt: timestamp(new Date(run.program.startedMs)),
    finishedAt: timestamp(clock.date()),
    containerID: run.containerId,
  }
  container.state = { terminated }
  worker.publish()
  const policy = worker.pod?.spec.restartPolicy ?? 'Always'
  if (policy === 'Never' || (policy === 'OnFailure' && exit.exitCode === 0)) return
  if (nowMs - run.program.startedMs > forgetCrashesAfterMs) container.crashes = 0
  container.crashes++
  container.lastState = { terminated }
  // The first restart is immediate; from the second on the kubelet backs off.
  if (container.crashes === 1) plan(worker, container, 1000, () => restart(worker, container))
  else backOff(worker, container, backoffMs(container.crashes - 1))
}

function backOff(worker: PodWorker, container: ContainerRuntime, waitMs: number): void {
  const name = container.spec.name
  plan(worker, container, 1000, () => {
    const message = `back-off ${formatBackoff(waitMs)} restarting failed container=${name} pod=${worker.name}_${worker.namespace}(${worker.uid})`
    container.state = { waiting: { reason: 'CrashLoopBackOff', message } }
    worker.publish()
  })
  for (let afterMs = 1000; afterMs < waitMs; afterMs += repeatBackoffEventMs) {
    plan(worker, container, afterMs, () => {
      const message = `Back-off restarting failed container ${name} in pod ${worker.name}_${worker.namespace}(${worker.uid})`
      worker.event('Warning', 'BackOff', message, container)
    })
  }
  plan(worker, container, waitMs, () => restart(worker, container))
}

function restart(worker: PodWorker, container: ContainerRuntime): void {
  container.restartCount++
  beginPull(worker, container)
}
