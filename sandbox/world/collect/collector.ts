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
const hourMs = 3_600_000

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
  collect(timeMs: number): void {
    this.#collect(timeMs, false, false)
  }

  #collect(timeMs: number, coarseOnly: boolean, clusterUnchanged: boolean): void {
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
    // Out of sight is not gone: the containers of a node that is cut off run on, and their counters with them.
    const there = new Set([...this.#traffic.workers()].map(({ uid }) => uid))
    for (const [uid, metrics] of this.#pods) {
      if (seen.has(uid)) continue
      if (there.has(uid)) metrics.pass(timeMs)
      else this.#pods.delete(uid)
    }
    this.#queues.record(loads, timeMs)
    this.#cluster.record(clusterUnchanged)
    this.#recorder.end()
    if (!coarseOnly && (timeMs / stepMs) % sweepEvery === 0) {
      this.#cluster.forgetGone()
      this.#database.forgetOld(timeMs)
    }
  }

  /**
   * Fills in a stretch of the past in which nothing but the traffic changed, at the resolution that is kept of it:
   * every two hours, and every ten minutes for the last 28 hours.
   */
  fillPast(fromMs: number, toMs: number): void {
    const fineMs = Math.max(fromMs, toMs - 28 * hourMs)
    this.#fill(fromMs, fineMs, 2 * hourMs)
    this.#fill(fineMs, toMs, hourMs / 6)
  }

  #fill(fromMs: number, toMs: number, everyMs: number): void {
    let unchanged = false
    for (let timeMs = Math.ceil(fromMs / everyMs) * everyMs; timeMs < toMs; timeMs += everyMs) {
      this.#collect(timeMs, true, unchanged)
      unchanged = true
    }
  }
}
