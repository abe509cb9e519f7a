import type { TimeSeries } from '../../metrics/time-series.ts'
import type { PodLoad } from '../traffic/traffic.ts'
import type { Recorder } from './recorder.ts'

/** Messages one ready pod can work off in a second, as a multiple of what a request costs it. */
const headroom = 3

interface Queue {
  series: TimeSeries
  depth: number
  lastMs: number
  arrivingPerSecond: number
}

/** Depth of the queues behind some services: grows while fewer messages are worked off than arrive. */
export class QueueMetrics {
  readonly #recorder: Recorder
  readonly #queues = new Map<string, Queue>()

  constructor(recorder: Recorder) {
    this.#recorder = recorder
  }

  record(loads: readonly PodLoad[], timeMs: number): void {
    const workers = new Map<string, PodLoad[]>()
    for (const load of loads) {
      if (load.service.queue === undefined) continue
      const key = `${load.environment.namespace}/${load.service.name}`
      workers.set(key, [...(workers.get(key) ?? []), load])
    }
    for (const key of new Set([...workers.keys(), ...this.#queues.keys()]))
      this.#step(key, workers.get(key) ?? [], timeMs)
  }

  #step(key: string, pods: PodLoad[], timeMs: number): void {
    const first = pods[0]
    let queue = this.#queues.get(key)
    if (queue === undefined) {
      if (first === undefined) return
      const { service, environment } = first
      const labels = {
        service: service.name,
        namespace: environment.namespace,
        environment: environment.name,
        queue: service.queue ?? '',
      }
      const series = this.#recorder.series('queue_depth', labels, 'gauge')
      queue = { series, depth: 0, lastMs: timeMs, arrivingPerSecond: 0 }
      this.#queues.set(key, queue)
    }
    // Messages go on arriving while nobody works on them.
    if (first !== undefined) queue.arrivingPerSecond = Math.max(first.load.requestsPerSecond, 0)
    const perPod = first === undefined ? 0 : (headroom * 1000 * first.backend.cpuLimit) / first.service.cost.cpuMs / 10
    const working = pods
      .filter((pod) => pod.backend.ready)
      .reduce((sum, pod) => sum + perPod * (1 - pod.backend.errorShare), 0)
    const seconds = (timeMs - queue.lastMs) / 1000
    queue.lastMs = timeMs
    const waiting = queue.arrivingPerSecond * 0.2
    queue.depth = Math.max(waiting, queue.depth + (queue.arrivingPerSecond - working) * seconds)
    this.#recorder.write(queue.series, Math.round(queue.depth))
  }
}
