import type { Matcher } from './promql/syntax.ts'
import { type Labels, type SeriesKind, stepMs, TimeSeries } from './time-series.ts'

export interface MetricDescription {
  type: 'counter' | 'gauge' | 'histogram'
  help: string
}

const longestRetentionSteps = 15 * 24 * 240

/** Everything a query needs of a store of series. */
export interface SeriesSource {
  select(matchers: readonly Matcher[]): TimeSeries[]
}

/** All series in memory, found by metric name first. */
export class SeriesDatabase implements SeriesSource {
  readonly #byName = new Map<string, Map<string, TimeSeries>>()
  readonly descriptions = new Map<string, MetricDescription>()

  describe(name: string, type: MetricDescription['type'], help: string): void {
    this.descriptions.set(name, { type, help })
  }

  /** The series with exactly these labels, made if it is not there. */
  series(name: string, labels: Labels, kind: SeriesKind): TimeSeries {
    const key = labelKey(labels)
    let named = this.#byName.get(name)
    if (named === undefined) {
      named = new Map()
      this.#byName.set(name, named)
    }
    let series = named.get(key)
    if (series === undefined) {
      series = new TimeSeries({ __name__: name, ...labels }, kind)
      named.set(key, series)
    }
    return series
  }

  select(matchers: readonly Matcher[]): TimeSeries[] {
    const exactName = matchers.find((matcher) => matcher.label === '__name__' && matcher.operator === '=')
    const candidates =
      exactName === undefined ? [...this.#byName.values()] : [this.#byName.get(exactName.value) ?? new Map()]
    const rest = matchers.filter((matcher) => matcher !== exactName)
    return candidates
      .flatMap((named): TimeSeries[] => [...named.values()])
      .filter((series) => rest.every((matcher) => matcher.matches(series.labels[matcher.label] ?? '')))
  }

  names(): string[] {
    return [...this.#byName.keys()].sort()
  }

  /** Forgets series that have had no sample for as long as anything is kept. */
  forgetOld(nowMs: number): void {
    const oldest = Math.floor(nowMs / stepMs) - longestRetentionSteps
    for (const named of this.#byName.values()) {
      for (const [key, series] of named) if (series.lastStep < oldest) named.delete(key)
    }
  }
}

/** A text that is equal exactly when the labels are equal, in whatever order they were written. */
export function labelKey(labels: Labels): string {
  return Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
    .join(',')
}
