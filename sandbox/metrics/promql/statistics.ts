export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Population variance, as PromQL's stdvar. */
export function variance(values: readonly number[]): number {
  const middle = mean(values)
  return mean(values.map((value) => (value - middle) ** 2))
}

/** The φ-quantile with linear interpolation between ranks; −Inf and +Inf outside 0…1. */
export function quantile(share: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(share)) return Number.NaN
  if (share < 0) return Number.NEGATIVE_INFINITY
  if (share > 1) return Number.POSITIVE_INFINITY
  const sorted = [...values].sort((left, right) => left - right)
  const rank = share * (sorted.length - 1)
  const low = sorted[Math.floor(rank)] ?? Number.NaN
  const high = sorted[Math.ceil(rank)] ?? Number.NaN
  return low + (high - low) * (rank - Math.floor(rank))
}

export interface Bucket {
  upperBound: number
  count: number
}

/**
 * histogram_quantile over classic buckets: linear interpolation inside the bucket the rank falls in, the highest
 * finite bound when it falls in +Inf, NaN without a +Inf bucket or without observations.
 */
export function bucketQuantile(share: number, unsorted: Bucket[]): number {
  if (Number.isNaN(share)) return Number.NaN
  if (share < 0) return Number.NEGATIVE_INFINITY
  if (share > 1) return Number.POSITIVE_INFINITY
  const buckets = [...unsorted].sort((left, right) => left.upperBound - right.upperBound)
  const last = buckets.at(-1)
  if (last === undefined || last.upperBound !== Number.POSITIVE_INFINITY || buckets.length < 2) return Number.NaN
  // Rounding in rates can make a bucket a little smaller than the one below it.
  for (let index = 1, most = 0; index < buckets.length; index++) {
    most = Math.max(most, buckets[index - 1]?.count ?? 0)
    const bucket = buckets[index]
    if (bucket !== undefined && bucket.count < most) buckets[index] = { ...bucket, count: most }
  }
  const total = buckets.at(-1)?.count ?? 0
  if (!(total > 0)) return Number.NaN
  const rank = share * total
  const found = buckets.findIndex((bucket) => bucket.count >= rank)
  const bucket = buckets[found]
  const below = buckets[found - 1]
  if (bucket === undefined) return Number.NaN
  if (bucket.upperBound === Number.POSITIVE_INFINITY) return below?.upperBound ?? Number.NaN
  if (below === undefined && bucket.upperBound <= 0) return bucket.upperBound
  const start = below?.upperBound ?? 0
  const before = below?.count ?? 0
  return start + (bucket.upperBound - start) * ((rank - before) / (bucket.count - before))
}
