import type { ResolvedImage } from '../../registry/registry.ts'
import { parseQuantity } from '../../store/quantity.ts'
import type { ContainerRuntime } from './container.ts'
import type { PodWorker } from './pod-worker.ts'
import { Program } from './program.ts'

const bytesPerMiB = 1024 * 1024
const defaultMemoryMiB = 64
/** A healthy program settles at this share of what it requests. */
const baseShare = 0.55

/** The program in an image as it runs in this container now. */
export function createProgram(
  worker: PodWorker,
  container: ContainerRuntime,
  image: ResolvedImage,
  startedMs: number,
): Program {
  const { context } = worker
  const request = parseQuantity(container.spec.resources?.requests?.memory) / bytesPerMiB
  const limit = parseQuantity(container.spec.resources?.limits?.memory) / bytesPerMiB
  const requested = Number.isNaN(request) ? defaultMemoryMiB : request
  return new Program(
    {
      behaviour: context.versions.behaviourOf(image.repository, image.tag),
      startedMs,
      memoryBaseMiB: requested * baseShare,
      memoryLimitMiB: Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit,
    },
    context.faults.of(worker.service, worker.namespace),
  )
}
