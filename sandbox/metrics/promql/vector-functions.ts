import { labelKey } from '../database.ts'
import { dropName, withoutLabels } from './labels.ts'
import { type Bucket, bucketQuantile } from './statistics.ts'
import { type Point, QueryError } from './syntax.ts'

/** Functions of one number, applied to every point. */
export const pointFunctions: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sgn: Math.sign,
}

/** Calendar functions of a Unix time in seconds, in UTC. */
export const calendarFunctions: Readonly<Record<string, (date: Date) => number>> = {
  minute: (date) => date.getUTCMinutes(),
  hour: (date) => date.getUTCHours(),
  day_of_week: (date) => date.getUTCDay(),
  day_of_month: (date) => date.getUTCDate(),
  days_in_month: (date) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  month: (date) => date.getUTCMonth() + 1,
  year: (date) => date.getUTCFullYear(),
}

export function mapPoints(points: Point[], change: (value: number) => number): Point[] {
  return points.map((point) => ({ labels: dropName(point.labels), value: change(point.value) }))
}

/** To the nearest multiple, ties upwards. */
export function roundTo(value: number, multiple: number): number {
  const inverse = 1 / multiple
  return Math.floor(value * inverse + 0.5) / inverse
}

export function histogramQuantile(share: number, points: Point[]): Point[] {
  const groups = new Map<string, { labels: Point['labels']; buckets: Bucket[] }>()
  for (const point of points) {
    const bound = point.labels.le
    const upperBound = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound ?? Number.NaN)
    if (Number.isNaN(upperBound)) continue
    const labels = withoutLabels(point.labels, ['le'])
    const key = labelKey(labels)
    const group = groups.get(key) ?? { labels, buckets: [] }
    group.buckets.push({ upperBound, count: point.value })
    groups.set(key, group)
  }
  return [...groups.values()].map(({ labels, buckets }) => ({ labels, value: bucketQuantile(share, buckets) }))
}

/** @throws QueryError for a pattern that is none or a target that is no label name */
export function labelReplace(
  points: Point[],
  target: string,
  template: string,
  source: string,
  regex: string,
): Point[] {
  checkLabelName(target)
  let pattern: RegExp
  try {
    pattern = new RegExp(`^(?:${regex})$`, 's')
  } catch {
    throw new QueryError('execution', `invalid regular expression in label_replace(): ${regex}`)
  }
  return points.map((point) => {
    const match = pattern.exec(point.labels[source] ?? '')
    if (match === null) return point
    const value = template.replace(/\$(?:(\d+)|\{(\w+)\}|(\w+)|\$)/g, (whole, index, braced, named) => {
      if (whole === '$$') return '$'
      const name: string = index ?? braced ?? named
      return /^\d+$/.test(name) ? (match[Number(name)] ?? '') : (match.groups?.[name] ?? '')
    })
    return withLabel(point, target, value)
  })
}

export function labelJoin(points: Point[], target: string, separator: string, sources: string[]): Point[] {
  checkLabelName(target)
  return points.map((point) =>
    withLabel(point, target, sources.map((source) => point.labels[source] ?? '').join(separator)),
  )
}

function withLabel(point: Point, name: string, value: string): Point {
  const rest = Object.fromEntries(Object.entries(point.labels).filter(([label]) => label !== name))
  return { labels: value === '' ? rest : { ...rest, [name]: value }, value: point.value }
}

function checkLabelName(name: string): void {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
    throw new QueryError('execution', `invalid destination label name in label_replace(): ${name}`)
  }
}
