import type { Sample } from '../time-series.ts'
import { mean, quantile, variance } from './statistics.ts'

/** The window (fromMs, toMs] that the samples come from. */
export interface Window {
  fromMs: number
  toMs: number
}

/**
 * The increase Prometheus reports: the difference with counter resets added back, extrapolated to the window's edges
 * unless the samples begin or end more than 1.1 average intervals away from them, and never below zero for a counter
 * (https://prometheus.io/docs/prometheus/latest/querying/functions/#increase).
 */
function extrapolated(samples: Sample[], window: Window, counter: boolean): number | undefined {
  const first = samples[0]
  const last = samples.at(-1)
  if (first === undefined || last === undefined || samples.length < 2) return undefined
  let difference = last.value - first.value
  if (counter) {
    for (let index = 1, previous = first.value; index < samples.length; index++) {
      const value = samples[index]?.value ?? previous
      if (value < previous) difference += previous
      previous = value
    }
  }
  const spanMs = last.timeMs - first.timeMs
  const averageMs = spanMs / (samples.length - 1)
  const thresholdMs = averageMs * 1.1
  let toStartMs = first.timeMs - window.fromMs
  let toEndMs = window.toMs - last.timeMs
  if (toStartMs >= thresholdMs) toStartMs = averageMs / 2
  if (counter && difference > 0 && first.value >= 0) {
    // A counter cannot have been negative: do not extrapolate past where it was zero.
    toStartMs = Math.min(toStartMs, spanMs * (first.value / difference))
  }
  if (toEndMs >= thresholdMs) toEndMs = averageMs / 2
  return (difference * (spanMs + toStartMs + toEndMs)) / spanMs
}

function instant(samples: Sample[], perSecond: boolean): number | undefined {
  const last = samples.at(-1)
  const before = samples.at(-2)
  if (last === undefined || before === undefined) return undefined
  if (!perSecond) return last.value - before.value
  const difference = last.value < before.value ? last.value : last.value - before.value
  return (difference * 1000) / (last.timeMs - before.timeMs)
}

/** Least squares: slope per second, and the value at `atMs`. */
export function regression(samples: Sample[], atMs: number): { slope: number; value: number } | undefined {
  if (samples.length < 2) return undefined
  const x = samples.map((sample) => (sample.timeMs - atMs) / 1000)
  const meanX = mean(x)
  const meanY = mean(samples.map((sample) => sample.value))
  let covariance = 0
  let spread = 0
  samples.forEach((sample, index) => {
    const distance = (x[index] ?? 0) - meanX
    covariance += distance * (sample.value - meanY)
    spread += distance * distance
  })
  const slope = covariance / spread
  return { slope, value: meanY - slope * meanX }
}

function countPairs(samples: Sample[], counts: (before: number, after: number) => boolean): number {
  return samples.filter((sample, index) => index > 0 && counts(samples[index - 1]?.value ?? 0, sample.value)).length
}

const overValues = (reduce: (values: number[]) => number) => (samples: Sample[]) =>
  samples.length === 0 ? undefined : reduce(samples.map((sample) => sample.value))

/** Functions of one range vector; undefined means that the series has no answer there. */
export const rangeFunctions: Readonly<Record<string, (samples: Sample[], window: Window) => number | undefined>> = {
  rate: (samples, window) => {
    const increase = extrapolated(samples, window, true)
    return increase === undefined ? undefined : (increase * 1000) / (window.toMs - window.fromMs)
  },
  increase: (samples, window) => extrapolated(samples, window, true),
  delta: (samples, window) => extrapolated(samples, window, false),
  irate: (samples) => instant(samples, true),
  idelta: (samples) => instant(samples, false),
  deriv: (samples, window) => regression(samples, window.toMs)?.slope,
  changes: (samples) => (samples.length === 0 ? undefined : countPairs(samples, (before, after) => before !== after)),
  resets: (samples) => (samples.length === 0 ? undefined : countPairs(samples, (before, after) => after < before)),
  avg_over_time: overValues(mean),
  sum_over_time: overValues((values) => values.reduce((sum, value) => sum + value, 0)),
  min_over_time: overValues((values) => values.reduce((least, value) => Math.min(least, value))),
  max_over_time: overValues((values) => values.reduce((most, value) => Math.max(most, value))),
  count_over_time: overValues((values) => values.length),
  last_over_time: overValues((values) => values.at(-1) ?? Number.NaN),
  present_over_time: overValues(() => 1),
  stddev_over_time: overValues((values) => Math.sqrt(variance(values))),
  stdvar_over_time: overValues(variance),
}

export function quantileOverTime(share: number, samples: Sample[]): number | undefined {
  return overValues((values) => quantile(share, values))(samples)
}
