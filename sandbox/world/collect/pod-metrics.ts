import type { TimeSeries } from '../../metrics/time-series.ts'
import { bucketShares, durationBuckets } from '../traffic/latency.ts'
import { backendLatencyMs } from '../traffic/propagate.ts'
import { coresOf, type PodLoad } from '../traffic/traffic.ts'
import type { Recorder } from './recorder.ts'

const bytesPerMiB = 1024 * 1024
const notFoundShare = 0.004
/** Share of a service's requests that write. */
const writeShare: Record<string, number> = {
  checkout: 0.6,
  orders: 0.7,
  payments: 0.8,
  email: 1,
  shipping: 0.5,
  cart: 0.4,
}

const answers = [
  { method: 'GET', code: '200' },
  { method: 'GET', code: '404' },
  { method: 'GET', code: '500' },
  { method: 'GET', code: '503' },
  { method: 'POST', code: '201' },
  { method: 'POST', code: '500' },
  { method: 'POST', code: '503' },
] as const

interface Counter {
  series: TimeSeries
  total: number
}

/** The series of one pod and its running totals; counters begin anew with every start of the container. */
export class PodMetrics {
  readonly #recorder: Recorder
  readonly #answers: Counter[]
  readonly #buckets: Counter[]
  readonly #sum: Counter
  readonly #count: Counter
  readonly #cpu: Counter
  readonly #memory: TimeSeries
  readonly #up: TimeSeries
  #containerId: string | undefined
  #lastMs: number | undefined

  constructor(recorder: Recorder, { worker, service, environment, pod }: PodLoad) {
    this.#recorder = recorder
    const { namespace, name } = worker
    const version = /:([^:@/]+)(?:@.*)?$/.exec(pod.spec.containers[0]?.image ?? '')?.[1] ?? 'unknown'
    const common = { service: service.name, namespace, environment: environment.name, pod: name }
    const labels = { ...common, version }
    const counter = (metric: string, extra: Record<string, string> = {}): Counter => ({
      series: recorder.series(metric, { ...labels, ...extra }, 'counter'),
      total: 0,
    })
    const container = { ...common, container: service.name }
    this.#answers = answers.map((answer) => counter('http_requests_total', answer))
    const bounds = [...durationBuckets.map(String), '+Inf']
    this.#buckets = bounds.map((le) => counter('http_request_duration_seconds_bucket', { le }))
    this.#sum = counter('http_request_duration_seconds_sum')
    this.#count = counter('http_request_duration_seconds_count')
    this.#cpu = { series: recorder.series('container_cpu_usage_seconds_total', container, 'counter'), total: 0 }
    this.#memory = recorder.series('container_memory_working_set_bytes', container, 'gauge')
    this.#up = recorder.series('up', { ...common, job: 'shop' }, 'state')
  }

  /** Time goes by in which it is not scraped and nobody calls it. */
  pass(timeMs: number): void {
    this.#lastMs = timeMs
  }

  record(podLoad: PodLoad, timeMs: number): void {
    const { worker, service, backend, load } = podLoad
    const run = worker.containers[0]?.run
    if (run === undefined) return
    if (run.containerId !== this.#containerId) this.#reset(run.containerId)
    const seconds = Math.max(0, timeMs - Math.max(this.#lastMs ?? run.program.startedMs, run.program.startedMs)) / 1000
    this.#lastMs = timeMs
    const requests = (backend.ready ? load.perBackend : 0) * seconds
    const own = backend.errorShare
    const upstream = (1 - own) * load.upstreamErrorShare
    const writes = writeShare[service.name] ?? 0.1
    const good = 1 - own - upstream
    const shares = [
      (1 - writes) * good * (1 - notFoundShare),
      (1 - writes) * good * notFoundShare,
      (1 - writes) * own,
      (1 - writes) * upstream,
      writes * good,
      writes * own,
      writes * upstream,
    ]
    for (const [index, counter] of this.#answers.entries()) this.#add(counter, requests * (shares[index] ?? 0))
    const latencySeconds = backendLatencyMs(service, backend, load.latencyMs, load.saturation) / 1000
    const below = bucketShares(latencySeconds)
    for (const [index, bucket] of this.#buckets.entries()) this.#add(bucket, requests * (below[index] ?? 1))
    this.#add(this.#sum, requests * latencySeconds, false)
    this.#add(this.#count, requests)
    this.#add(this.#cpu, coresOf(podLoad) * seconds, false)
    const working = load.perBackend * 0.15
    this.#recorder.write(this.#memory, Math.round((run.program.memoryMiB(timeMs) + working) * bytesPerMiB))
    this.#recorder.write(this.#up, run.program.isListening(timeMs) ? 1 : 0)
  }

  #add(counter: Counter, amount: number, whole = true): void {
    counter.total += amount
    // Nobody counts half a request; seconds are kept to the microsecond.
    this.#recorder.write(counter.series, whole ? Math.floor(counter.total) : Math.round(counter.total * 1e6) / 1e6)
  }

  #reset(containerId: string): void {
    if (this.#containerId !== undefined) this.#lastMs = undefined
    this.#containerId = containerId
    for (const counter of [...this.#answers, ...this.#buckets, this.#sum, this.#count, this.#cpu]) counter.total = 0
  }
}
