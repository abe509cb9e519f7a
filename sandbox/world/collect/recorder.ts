import type { SeriesDatabase } from '../../metrics/database.ts'
import { type Labels, type SeriesKind, stepMs, type TimeSeries } from '../../metrics/time-series.ts'

/** One round of sampling: what is not written in a round ends with a stale marker, as when a target disappears. */
export class Recorder {
  readonly database: SeriesDatabase
  readonly #alive = new Map<TimeSeries, number>()
  #step = 0
  #coarseOnly = false

  constructor(database: SeriesDatabase) {
    this.database = database
  }

  /** @param coarseOnly for filling in the past: keeps no 15-second samples */
  begin(timeMs: number, coarseOnly: boolean): void {
    this.#step = Math.floor(timeMs / stepMs)
    this.#coarseOnly = coarseOnly
  }

  write(series: TimeSeries, value: number): void {
    series.append(this.#step, value, this.#coarseOnly)
    this.#alive.set(series, this.#step)
  }

  series(name: string, labels: Labels, kind: SeriesKind): TimeSeries {
    return this.database.series(name, labels, kind)
  }

  end(): void {
    for (const [series, step] of this.#alive) {
      if (step === this.#step) continue
      series.append(this.#step, Number.NaN, this.#coarseOnly)
      this.#alive.delete(series)
    }
  }
}
