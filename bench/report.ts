/** One promise, held against what was measured. */
export interface Bar {
  /** `embedded: operations a second, as a share of the floor` */
  readonly promise: string
  readonly measured: number
  readonly unit: string
  readonly bar: number
  readonly kept: boolean
}

export interface Report {
  readonly name: string
  readonly bars: readonly Bar[]
  /** Everything else worth keeping, for the JSON line. */
  readonly detail: Readonly<Record<string, unknown>>
  /** What was not measured, and why. */
  readonly skipped: readonly string[]
}

export interface BenchOptions {
  /** Fewer of everything: checks what is computed and that it works. Times are shown but not held against their bars. */
  readonly short: boolean
  /** Prints a line for people. */
  readonly say: (line: string) => void
}

export type Bench = (options: BenchOptions) => Promise<Omit<Report, 'name'>>

export function atLeast(promise: string, measured: number, bar: number, unit = ''): Bar {
  return { promise, measured: rounded(measured), unit, bar, kept: measured >= bar }
}

export function below(promise: string, measured: number, bar: number, unit = 'ms'): Bar {
  return { promise, measured: rounded(measured), unit, bar, kept: measured < bar }
}

export const rounded = (value: number) => Math.round(value * 100) / 100

/** The nearest-rank percentile; NaN of nothing, which keeps no promise. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN
}

export const median = (values: readonly number[]) => percentile(values, 50)

/** For a look at a spread: p50, p95, p99 and the worst, in the values' unit. */
export function spread(values: readonly number[]) {
  const of = (percent: number) => rounded(percentile(values, percent))
  return { count: values.length, p50: of(50), p95: of(95), p99: of(99), max: of(100) }
}
