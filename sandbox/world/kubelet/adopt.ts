import { parseReference } from '../../registry/registry.ts'
import type { Pod } from '../../store/kinds.ts'
import type { ContainerRuntime } from './container.ts'
import { watchRun } from './lifecycle.ts'
import type { PodWorker } from './pod-worker.ts'
import { createProgram } from './programs.ts'

/**
 * Takes over a container that an earlier process of the sandbox left running: same start, restarts and readiness. What
 * was not running then starts anew.
 */
export function adoptContainer(worker: PodWorker, container: ContainerRuntime, pod: Pod): void {
  const status = pod.status?.containerStatuses?.find((each) => each.name === container.spec.name)
  if (status === undefined) return
  container.restartCount = status.restartCount
  container.lastState = status.lastState ?? {}
  const startedAt = status.state?.running?.startedAt
  const reference = parseReference(container.spec.image)
  if (startedAt === undefined || reference === undefined || status.containerID === undefined) return
  const image = worker.context.registry.resolve(reference) ?? {
    repository: reference.repository,
    tag: reference.tag,
    digest: status.imageID.split('@')[1] ?? '',
    sizeBytes: 0,
  }
  container.run = {
    program: createProgram(worker, container, image, Date.parse(startedAt)),
    image,
    containerId: status.containerID,
    endedMs: undefined,
    exit: undefined,
  }
  container.state = { running: { startedAt } }
  container.started = status.started ?? false
  container.ready = status.ready
  watchRun(worker, container)
}
