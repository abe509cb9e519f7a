import { sortPoints } from './aggregate.ts'
import type { Value } from './evaluate.ts'
import { dropName } from './labels.ts'
import { quantileOverTime, rangeFunctions, regression } from './range-functions.ts'
import type { Call, Expression, Point } from './syntax.ts'
import {
  calendarFunctions,
  histogramQuantile,
  labelJoin,
  labelReplace,
  mapPoints,
  pointFunctions,
  roundTo,
} from './vector-functions.ts'

type Matrix = Extract<Value, { type: 'matrix' }>

const vector = (points: Point[]): Value => ({ type: 'vector', points })

/** Calls a function whose argument types were checked when the query was parsed. */
export function callFunction(call: Call, timeMs: number, evaluate: (argument: Expression) => Value): Value {
  const values = call.arguments.map(evaluate)
  const scalar = (index: number): number => {
    const value = values[index]
    return value?.type === 'scalar' ? value.value : Number.NaN
  }
  const points = (index: number): Point[] => {
    const value = values[index]
    return value?.type === 'vector' ? value.points : []
  }
  const text = (index: number): string => {
    const value = values[index]
    return value?.type === 'string' ? value.value : ''
  }
  const matrix = (index: number): Matrix => {
    const value = values[index]
    return value?.type === 'matrix' ? value : { type: 'matrix', series: [], fromMs: timeMs, toMs: timeMs }
  }
  const { name } = call
  if (rangeFunctions[name] !== undefined) return overRange(matrix(0), name, rangeFunctions[name])
  if (pointFunctions[name] !== undefined) return vector(mapPoints(points(0), pointFunctions[name]))
  const calendar = calendarFunctions[name]
  if (calendar !== undefined) {
    const of = call.arguments.length === 0 ? [{ labels: {}, value: timeMs / 1000 }] : points(0)
    return vector(mapPoints(of, (value) => calendar(new Date(value * 1000))))
  }
  switch (name) {
    case 'quantile_over_time':
      return overRange(matrix(1), name, (samples) => quantileOverTime(scalar(0), samples))
    case 'predict_linear':
      return overRange(matrix(0), name, (samples) => {
        const line = regression(samples, timeMs)
        return line && line.value + line.slope * scalar(1)
      })
    case 'histogram_quantile':
      return vector(histogramQuantile(scalar(0), points(1)))
    case 'round': {
      const multiple = call.arguments.length > 1 ? scalar(1) : 1
      return vector(mapPoints(points(0), (value) => roundTo(value, multiple)))
    }
    case 'clamp':
      if (scalar(1) > scalar(2)) return vector([])
      return vector(mapPoints(points(0), (value) => Math.max(scalar(1), Math.min(scalar(2), value))))
    case 'clamp_min':
      return vector(mapPoints(points(0), (value) => Math.max(scalar(1), value)))
    case 'clamp_max':
      return vector(mapPoints(points(0), (value) => Math.min(scalar(1), value)))
    case 'sort':
      return vector(sortPoints(points(0), false))
    case 'sort_desc':
      return vector(sortPoints(points(0), true))
    case 'scalar':
      return { type: 'scalar', value: points(0).length === 1 ? (points(0)[0]?.value ?? Number.NaN) : Number.NaN }
    case 'vector':
      return vector([{ labels: {}, value: scalar(0) }])
    case 'time':
      return { type: 'scalar', value: timeMs / 1000 }
    case 'pi':
      return { type: 'scalar', value: Math.PI }
    case 'timestamp':
      return vector(
        points(0).map((point) => ({ labels: dropName(point.labels), value: (point.sampledMs ?? timeMs) / 1000 })),
      )
    case 'absent':
      return vector(points(0).length > 0 ? [] : [{ labels: absentLabels(call.arguments[0]), value: 1 }])
    case 'absent_over_time':
      return vector(matrix(0).series.length > 0 ? [] : [{ labels: absentLabels(call.arguments[0]), value: 1 }])
    case 'label_replace':
      return vector(labelReplace(points(0), text(1), text(2), text(3), text(4)))
    case 'label_join':
      return vector(
        labelJoin(
          points(0),
          text(1),
          text(2),
          values.slice(3).map((_, index) => text(index + 3)),
        ),
      )
    default:
      throw new Error(`The function ${name} has a signature but no implementation.`)
  }
}

function overRange(
  matrix: Matrix,
  name: string,
  compute: (samples: Matrix['series'][number]['samples'], window: Matrix) => number | undefined,
): Value {
  const found: Point[] = []
  for (const series of matrix.series) {
    const value = compute(series.samples, matrix)
    // last_over_time shows the series itself, so it keeps its name.
    if (value !== undefined)
      found.push({ labels: name === 'last_over_time' ? series.labels : dropName(series.labels), value })
  }
  return vector(found)
}

/** absent() answers with the labels that the selector fixes by equality. */
function absentLabels(expression: Expression | undefined): Point['labels'] {
  const selector = expression?.type === 'range' ? expression.selector : expression
  if (selector?.type !== 'selector') return {}
  const fixed = selector.matchers.filter((matcher) => matcher.operator === '=' && matcher.label !== '__name__')
  return Object.fromEntries(fixed.map((matcher) => [matcher.label, matcher.value]))
}
