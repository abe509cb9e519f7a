import { SeriesDatabase } from '../../../sandbox/metrics/database.ts'
import { queryInstant } from '../../../sandbox/metrics/query.ts'
import { type Labels, type SeriesKind, stepMs } from '../../../sandbox/metrics/time-series.ts'

/** A round instant on the sampling grid. */
export const atMs = Date.UTC(2026, 2, 2, 12, 0, 0)

/** Writes one series: `values[i]` is the sample i steps of 15 s before the end; the last value lies at `atMs`. */
export function writeSeries(
  database: SeriesDatabase,
  name: string,
  labels: Labels,
  values: number[],
  kind: SeriesKind = 'counter',
): void {
  const series = database.series(name, labels, kind)
  const last = atMs / stepMs
  for (const [index, value] of values.entries()) series.append(last - values.length + 1 + index, value)
}

/** A counter that rises by `perStep` at each of `count` steps. */
function rising(perStep: number, count = 41): number[] {
  return Array.from({ length: count }, (_, index) => index * perStep)
}

/** Ten minutes of two services with two codes and a histogram. */
export function createFixture(): SeriesDatabase {
  const database = new SeriesDatabase()
  writeSeries(database, 'http_requests_total', { service: 'cart', code: '200', pod: 'a' }, rising(150))
  writeSeries(database, 'http_requests_total', { service: 'cart', code: '200', pod: 'b' }, rising(300))
  writeSeries(database, 'http_requests_total', { service: 'cart', code: '500', pod: 'a' }, rising(15))
  writeSeries(database, 'http_requests_total', { service: 'web', code: '200', pod: 'c' }, rising(600))
  for (const [le, perStep] of [
    ['0.1', 50],
    ['0.5', 90],
    ['1', 99],
    ['+Inf', 100],
  ] as const) {
    writeSeries(database, 'latency_bucket', { service: 'cart', le }, rising(perStep))
  }
  writeSeries(database, 'memory_bytes', { service: 'cart', pod: 'a' }, rising(10), 'gauge')
  writeSeries(
    database,
    'memory_bytes',
    { service: 'cart', pod: 'b' },
    rising(0).map(() => 250),
    'gauge',
  )
  writeSeries(
    database,
    'limit_bytes',
    { service: 'cart' },
    rising(0).map(() => 1000),
    'gauge',
  )
  return database
}

/** The answer as "labels => value" lines, sorted; numbers rounded to nine digits. */
export function ask(database: SeriesDatabase, query: string): string[] {
  const { result, resultType } = queryInstant(database, query, atMs)
  const round = (text: string) => (/Inf|NaN/.test(text) ? text : String(Number(Number(text).toPrecision(9))))
  if (resultType === 'scalar') return [round(result[1])]
  if (resultType !== 'vector') throw new Error(`Not a vector: ${resultType}`)
  return result
    .map(({ metric, value }) => {
      const labels = Object.entries(metric)
        .map(([name, text]) => `${name}=${text}`)
        .sort()
        .join(',')
      return `${labels} => ${round(value[1])}`
    })
    .sort()
}
