import type { Labels } from '../time-series.ts'
import { rememberedKey } from './labels.ts'
import { mean, quantile, variance } from './statistics.ts'
import type { Point } from './syntax.ts'

const reducers: Readonly<Record<string, (values: number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  avg: mean,
  min: (values) => values.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least)),
  max: (values) => values.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most)),
  count: (values) => values.length,
  group: () => 1,
  stdvar: variance,
  stddev: (values) => Math.sqrt(variance(values)),
}

function byValue(descending: boolean): (left: Point, right: Point) => number {
  return (left, right) => {
    if (Number.isNaN(left.value)) return 1
    if (Number.isNaN(right.value)) return -1
    const order = descending ? right.value - left.value : left.value - right.value
    // Equal values in the order of their labels, so that the same query has the same answer.
    return order || (rememberedKey(left.labels) < rememberedKey(right.labels) ? -1 : 1)
  }
}

export function sortPoints(points: Point[], descending: boolean): Point[] {
  return [...points].sort(byValue(descending))
}

/**
 * @param parameter k of topk/bottomk, φ of quantile, the label of count_values
 * @param groupOf which group a point belongs to; equal groups are the same object
 */
export function aggregate(
  operator: string,
  parameter: number | string | undefined,
  points: Point[],
  groupOf: (labels: Labels) => Labels,
): Point[] {
  const groups = new Map<Labels, Point[]>()
  for (const point of points) {
    const group = groupOf(point.labels)
    const members = groups.get(group)
    if (members === undefined) groups.set(group, [point])
    else members.push(point)
  }
  return [...groups].flatMap(([labels, members]) => {
    const values = members.map((point) => point.value)
    if (operator === 'topk' || operator === 'bottomk') {
      const count = Math.max(0, Math.floor(Number(parameter)))
      return sortPoints(members, operator === 'topk').slice(0, count)
    }
    if (operator === 'quantile') return [{ labels, value: quantile(Number(parameter), values) }]
    if (operator === 'count_values') return countValues(String(parameter), labels, values)
    return [{ labels, value: reducers[operator]?.(values) ?? Number.NaN }]
  })
}

function countValues(label: string, labels: Labels, values: number[]): Point[] {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].map(([value, count]) => ({ labels: { ...labels, [label]: formatValue(value) }, value: count }))
}

/** A number as Prometheus writes it. */
export function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  return String(value)
}
