import { Counter, type Histogram } from 'prom-client'

type Labels<Label extends string> = Readonly<Record<Label, readonly string[]>>

/**
 * Has a metric's series begin at zero for every combination of these values: Prometheus sees no increase in a series that begins with its first
 * count, and on a quiet day that one is all there is.
 */
export function beginAtZero<Label extends string>(
  metric: Counter<Label> | Histogram<Label>,
  values: Labels<Label>,
): void {
  for (const labels of combinations(values))
    if (metric instanceof Counter) metric.inc(labels, 0)
    else metric.zero(labels)
}

function combinations<Label extends string>(values: Labels<Label>): Record<Label, string>[] {
  const names = Object.keys(values) as Label[] // of a record of them
  const found = names.reduce<Partial<Record<Label, string>>[]>(
    (begun, name) => begun.flatMap((labels) => values[name].map((value) => ({ ...labels, [name]: value }))),
    [{}],
  )
  return found as Record<Label, string>[] // by now each has every label
}
