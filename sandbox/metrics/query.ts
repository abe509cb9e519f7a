import { labelKey, type SeriesDatabase, type SeriesSource } from './database.ts'
import { formatValue } from './promql/aggregate.ts'
import { Evaluator } from './promql/evaluate.ts'
import { parseQuery } from './promql/parser.ts'
import { type Expression, type Matcher, QueryError } from './promql/syntax.ts'
import { checkTypes } from './promql/types.ts'
import type { Labels, Sample } from './time-series.ts'

type ShownSample = [seconds: number, value: string]

export type QueryResult =
  | { resultType: 'scalar' | 'string'; result: ShownSample }
  | { resultType: 'vector'; result: { metric: Labels; value: ShownSample }[] }
  | { resultType: 'matrix'; result: { metric: Labels; values: ShownSample[] }[] }

const show = (timeMs: number, value: number): ShownSample => [timeMs / 1000, formatValue(value)]

/** An instant query, in the shape of the HTTP API's `data`. @throws QueryError */
export function queryInstant(source: SeriesSource, query: string, timeMs: number): QueryResult {
  const value = new Evaluator(source, timeMs, timeMs).evaluate(parseQuery(query), timeMs)
  if (value.type === 'scalar') return { resultType: 'scalar', result: show(timeMs, value.value) }
  if (value.type === 'string') return { resultType: 'string', result: [timeMs / 1000, value.value] }
  if (value.type === 'matrix') {
    return { resultType: 'matrix', result: value.series.map(({ labels, samples }) => showSeries(labels, samples)) }
  }
  refuseDuplicates(value.points.map((point) => point.labels))
  const result = value.points.map((point) => ({ metric: point.labels, value: show(timeMs, point.value) }))
  return { resultType: 'vector', result }
}

/** A range query: the expression at every step from start to end. @throws QueryError */
export function queryRange(
  source: SeriesSource,
  query: string,
  startMs: number,
  endMs: number,
  stepMs: number,
): QueryResult {
  const expression = parseQuery(query)
  const type = checkTypes(expression)
  if (type !== 'scalar' && type !== 'vector') {
    const got = type === 'matrix' ? 'range vector' : 'string'
    throw new QueryError(
      'bad_data',
      `invalid expression type "${got}" for range query, must be Scalar or instant Vector`,
    )
  }
  const series = sampleSteps(new Evaluator(source, startMs, endMs), expression, startMs, endMs, stepMs)
  const sorted = [...series].sort(([left], [right]) => (left < right ? -1 : 1))
  return { resultType: 'matrix', result: sorted.map(([, { labels, samples }]) => showSeries(labels, samples)) }
}

function sampleSteps(evaluator: Evaluator, expression: Expression, startMs: number, endMs: number, stepMs: number) {
  const series = new Map<string, { labels: Labels; samples: Sample[] }>()
  for (let timeMs = startMs; timeMs <= endMs; timeMs += stepMs) {
    const value = evaluator.evaluate(expression, timeMs)
    const points =
      value.type === 'scalar' ? [{ labels: {}, value: value.value }] : value.type === 'vector' ? value.points : []
    for (const point of points) {
      const key = labelKey(point.labels)
      const known = series.get(key) ?? { labels: point.labels, samples: [] }
      if (known.samples.at(-1)?.timeMs === timeMs) refuseDuplicates([point.labels, point.labels])
      known.samples.push({ timeMs, value: point.value })
      series.set(key, known)
    }
  }
  return series
}

function showSeries(labels: Labels, samples: Sample[]) {
  return { metric: labels, values: samples.map((sample) => show(sample.timeMs, sample.value)) }
}

function refuseDuplicates(labelSets: Labels[]): void {
  const seen = new Set<string>()
  for (const labels of labelSets) {
    const key = labelKey(labels)
    if (seen.has(key)) throw new QueryError('execution', 'vector cannot contain metrics with the same labelset')
    seen.add(key)
  }
}

/** Label sets of the series that any of the selectors matches and that have a sample between the two times. */
export function findSeries(
  database: SeriesDatabase,
  selectors: readonly (readonly Matcher[])[],
  startMs: number,
  endMs: number,
): Labels[] {
  const found = new Map<string, Labels>()
  for (const matchers of selectors) {
    for (const series of database.select(matchers)) {
      if (series.latest(endMs, Math.max(endMs - startMs, 1)) === undefined) continue
      found.set(labelKey(series.labels), series.labels)
    }
  }
  return [...found.values()]
}
