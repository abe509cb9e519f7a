/** Upper bounds of the request duration histogram, seconds: Prometheus' defaults. */
export const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

/** Spread of the log-normal: p99 is about four times the median. */
const sigma = 0.6

/** Abramowitz & Stegun 7.1.26, good to 1.5e-7. */
function normalCdf(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2)
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const erf = 1 - poly * Math.exp((-x * x) / 2)
  return x >= 0 ? (1 + erf) / 2 : (1 - erf) / 2
}

const known = new Map<number, number[]>()

/** Share of requests at or below each bucket bound when latency is log-normal with this mean (seconds). */
export function bucketShares(meanSeconds: number): number[] {
  // Latencies that differ by less than 2 % share one answer: thousands of pods ask at every scrape.
  const rounded = Math.round(Math.log(Math.max(meanSeconds, 1e-4)) / 0.02)
  let shares = known.get(rounded)
  if (shares === undefined) {
    const mu = rounded * 0.02 - (sigma * sigma) / 2
    shares = durationBuckets.map((bound) => normalCdf((Math.log(bound) - mu) / sigma))
    if (known.size > 2000) known.clear()
    known.set(rounded, shares)
  }
  return shares
}
