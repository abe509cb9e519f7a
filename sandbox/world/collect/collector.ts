import type { SeriesDatabase } from '../../metrics/database.ts'
import { stepMs } from '../../metrics/time-series.ts'
import type { ObjectStore } from '../../store/object-store.ts'
import type { Traffic } from '../traffic/traffic.ts'
import { ClusterMetrics } from './cluster-metrics.ts'
import { describeMetrics } from './descriptions.ts'
import { PodMetrics } from './pod-metrics.ts'
import { QueueMetrics } from './queues.ts'
import { Recorder } from './recorder.ts'

const sweepEvery = 240

/** Samples the world into the database: every 15 simulated seconds, and at coarser steps for a past. */
export class Collector {
  readonly #traffic: Traffic
  readonly #database: SeriesDatabase
  readonly #recorder: Recorder
  readonly #cluster: ClusterMetrics
  readonly #queues: QueueMetrics
  readonly #pods = new Map<string, PodMetrics>()

  constructor(database: SeriesDatabase, store: ObjectStore, traffic: Traffic) {
    describeMetrics(database)
    this.#traffic = traffic
    this.#database = database
    this.#recorder = new Recorder(database)
    this.#cluster = new ClusterMetrics(this.#recorder, store)
    this.#queues = new QueueMetrics(this.#recorder)
  }

  /** @param timeMs a multiple of 15 s */
  collect(timeMs: number, coarseOnly = false): void {
    this.#recorder.begin(timeMs, coarseOnly)
    const loads = this.#traffic.loadsAt(timeMs)
    const seen = new Set<string>()
    for (const load of loads) {
      const { uid } = load.worker
      let metrics = this.#pods.get(uid)
      if (metrics === undefined) {
        metrics = new PodMetrics(this.#recorder, load)
        this.#pods.set(uid, metrics)
      }
      seen.add(uid)
      metrics.record(load, timeMs)
    }
    for (const uid of this.#pods.keys()) if (!seen.has(uid)) this.#pods.delete(uid)
    this.#queues.record(loads, timeMs)
    this.#cluster.record()
    this.#recorder.end()
    if ((timeMs / stepMs) % sweepEvery === 0) {
      this.#cluster.forgetGone()
      this.#database.forgetOld(timeMs)
    }
  }

  /** Fills in a stretch of the past in which nothing but the traffic changed, one sample every `everyMs`. */
  fill(fromMs: number, toMs: number, everyMs: number): void {
    for (let timeMs = Math.ceil(fromMs / everyMs) * everyMs; timeMs < toMs; timeMs += everyMs)
      this.collect(timeMs, true)
  }
}
