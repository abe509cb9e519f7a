import { Ring } from './ring.ts'

export type Labels = Readonly<Record<string, string>>

/** counter: only rises, or starts again at 0; gauge: any value, may be interpolated; state: holds until it changes. */
export type SeriesKind = 'counter' | 'gauge' | 'state'

export interface Sample {
  timeMs: number
  value: number
}

/** One scrape. All samples lie on this grid. */
export const stepMs = 15_000

/** How much is kept at which resolution: two hours as scraped, 28 hours by 10 minutes, 15 days by 2 hours. */
const tiers = [
  { every: 1, keep: 480 },
  { every: 40, keep: 168 },
  { every: 480, keep: 180 },
] as const

/**
 * One series. Recent samples are kept as scraped; older ones only at coarser knots, from which the 15-second grid is
 * computed on demand. That holds two weeks in a few kilobytes, and every range query still sees regular samples.
 */
export class TimeSeries {
  readonly labels: Labels
  readonly kind: SeriesKind
  readonly #rings = tiers.map((tier) => new Ring(tier.keep))

  constructor(labels: Labels, kind: SeriesKind) {
    this.labels = labels
    this.kind = kind
  }

  /** @param step grid index (time / 15 s); NaN ends the series until the next value (a stale marker). */
  append(step: number, value: number, coarseOnly = false): void {
    for (let index = coarseOnly ? 1 : 0; index < tiers.length; index++) {
      const every = tiers[index]?.every ?? 1
      if (step % every === 0) this.#rings[index]?.set(step / every, value)
    }
  }

  get lastStep(): number {
    return Math.max(...tiers.map((tier, index) => (this.#rings[index]?.last ?? -1) * tier.every))
  }

  /** Value at a grid index; NaN where there is none. */
  at(step: number): number {
    const recent = this.#rings[0]
    if (recent === undefined) return Number.NaN
    if (!recent.empty && step >= recent.first) return recent.get(step)
    for (let index = 1; index < tiers.length; index++) {
      const ring = this.#rings[index]
      const every = tiers[index]?.every ?? 1
      if (ring === undefined || ring.empty || step < ring.first * every) continue
      return this.#between(ring, every, step)
    }
    return Number.NaN
  }

  #between(ring: Ring, every: number, step: number): number {
    const left = Math.floor(step / every)
    const from = ring.get(left)
    if (step % every === 0 || Number.isNaN(from)) return from
    let to = ring.get(left + 1)
    let rightStep = (left + 1) * every
    const recent = this.#rings[0]
    if (left + 1 > ring.last) {
      // Between the last knot and the first fine sample.
      if (recent === undefined || recent.empty) return step - left * every <= every ? from : Number.NaN
      to = recent.get(recent.first)
      rightStep = recent.first
    }
    if (Number.isNaN(to) || this.kind === 'state' || (this.kind === 'counter' && to < from)) return from
    return from + ((to - from) * (step - left * every)) / (rightStep - left * every)
  }

  /** The newest sample in (timeMs − lookback, timeMs], or undefined; a stale marker hides what is before it. */
  latest(timeMs: number, lookbackMs: number): Sample | undefined {
    const step = Math.floor(timeMs / stepMs)
    const newest = Math.min(step, this.lastStep)
    if (newest * stepMs <= timeMs - lookbackMs) return undefined
    const value = this.at(newest)
    return Number.isNaN(value) ? undefined : { timeMs: newest * stepMs, value }
  }

  /** Samples with fromMs < time ≤ toMs, oldest first. */
  range(fromMs: number, toMs: number): Sample[] {
    const samples: Sample[] = []
    const last = Math.min(Math.floor(toMs / stepMs), this.lastStep)
    for (let step = Math.floor(fromMs / stepMs) + 1; step <= last; step++) {
      const value = this.at(step)
      if (!Number.isNaN(value)) samples.push({ timeMs: step * stepMs, value })
    }
    return samples
  }
}
