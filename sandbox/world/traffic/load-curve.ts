import { hash32, noiseAt } from '../../random.ts'

const hourMs = 3_600_000
const minuteMs = 60_000

/** Shoppers by hour of day, UTC, as a share of the busiest hour: a night's low, a lunch bump, an evening peak. */
const byHour = [
  0.22, 0.17, 0.14, 0.12, 0.13, 0.17, 0.26, 0.38, 0.5, 0.58, 0.63, 0.68, 0.72, 0.69, 0.66, 0.67, 0.72, 0.8, 0.9, 0.98,
  1, 0.86, 0.6, 0.36,
]

/** By day of week, Sunday first: people shop at weekends. */
const byDay = [1.12, 0.9, 0.88, 0.9, 0.94, 1, 1.15]

/** A smooth step between 0 and 1. */
const ease = (share: number) => share * share * (3 - 2 * share)

function smoothNoise(key: number, timeMs: number, periodMs: number): number {
  const position = timeMs / periodMs
  const step = Math.floor(position)
  const from = noiseAt(key, step)
  return from + (noiseAt(key, step + 1) - from) * ease(position - step)
}

/** Interpolated between the middles of hours, so that nothing jumps on the hour. */
function daily(timeMs: number): number {
  const hours = timeMs / hourMs - 0.5
  const hour = Math.floor(hours)
  const at = (index: number) => byHour[((index % 24) + 24) % 24] ?? 0
  return at(hour) + (at(hour + 1) - at(hour)) * ease(hours - hour)
}

function weekly(timeMs: number): number {
  const days = timeMs / (24 * hourMs) - 0.5
  const day = Math.floor(days)
  // 1 January 1970 was a Thursday.
  const at = (index: number) => byDay[(((index + 4) % 7) + 7) % 7] ?? 1
  return at(day) + (at(day + 1) - at(day)) * ease(days - day)
}

/**
 * Demand at an instant, 1 at an ordinary weekday's busiest hour: daily and weekly curve with noise of ±6 % that wanders
 * over minutes. The same key and instant always give the same answer.
 */
export function demandAt(key: string, timeMs: number): number {
  const seed = hash32(key)
  const noise =
    0.08 * (smoothNoise(seed, timeMs, 7 * minuteMs) - 0.5) + 0.04 * (smoothNoise(seed ^ 0x5bd1, timeMs, minuteMs) - 0.5)
  return daily(timeMs) * weekly(timeMs) * (1 + noise)
}
