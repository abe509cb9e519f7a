import type { SeriesSource } from '../database.ts'
import type { Labels, Sample, TimeSeries } from '../time-series.ts'
import { aggregate } from './aggregate.ts'
import { applyScalars, matchVectors, setOperation, withScalar } from './binary.ts'
import { callFunction } from './call.ts'
import { createGrouping, dropName } from './labels.ts'
import {
  type Aggregation,
  type BinaryExpression,
  type Expression,
  type Point,
  QueryError,
  type Shift,
  type Subquery,
} from './syntax.ts'

interface SampledSeries {
  labels: Labels
  samples: Sample[]
}

export type Value =
  | { type: 'scalar'; value: number }
  | { type: 'string'; value: string }
  | { type: 'vector'; points: Point[] }
  | { type: 'matrix'; series: SampledSeries[]; fromMs: number; toMs: number }

/** How far back an instant selector looks for a sample (Prometheus' default). */
const lookbackMs = 5 * 60_000
const defaultSubqueryStepMs = 60_000
const mostSamples = 50_000_000
/** Of all subqueries of one query together; a day by the minute at every one of a thousand points is a third of it. */
const mostSubquerySteps = 5_000_000

/** Evaluates one parsed query at as many instants as are asked for; what does not depend on the instant is kept. */
export class Evaluator {
  readonly #source: SeriesSource
  readonly #startMs: number
  readonly #endMs: number
  readonly #selected = new Map<Expression, TimeSeries[]>()
  readonly #groupings = new Map<Expression, (labels: Labels) => Labels>()
  #samples = 0
  #subquerySteps = 0

  constructor(source: SeriesSource, startMs: number, endMs: number) {
    this.#source = source
    this.#startMs = startMs
    this.#endMs = endMs
  }

  evaluate(expression: Expression, timeMs: number): Value {
    switch (expression.type) {
      case 'number':
        return { type: 'scalar', value: expression.value }
      case 'string':
        return { type: 'string', value: expression.value }
      case 'selector':
        return { type: 'vector', points: this.#instant(expression, timeMs) }
      case 'range': {
        const toMs = this.#shift(expression.selector, timeMs)
        return this.#matrix(expression.selector, toMs - expression.rangeMs, toMs)
      }
      case 'subquery':
        return this.#subquery(expression, timeMs)
      case 'negation': {
        const value = this.evaluate(expression.expression, timeMs)
        if (value.type === 'scalar') return { type: 'scalar', value: -value.value }
        const points = value.type === 'vector' ? value.points : []
        return {
          type: 'vector',
          points: points.map((point) => ({ labels: dropName(point.labels), value: -point.value })),
        }
      }
      case 'aggregation':
        return this.#aggregation(expression, timeMs)
      case 'binary':
        return this.#binary(expression, timeMs)
      case 'call':
        return callFunction(expression, timeMs, (argument) => this.evaluate(argument, timeMs))
    }
  }

  #shift(shift: Shift, timeMs: number): number {
    const at = shift.at
    const base = at === undefined ? timeMs : at === 'start' ? this.#startMs : at === 'end' ? this.#endMs : at.timeMs
    return base - shift.offsetMs
  }

  #series(selector: Extract<Expression, { type: 'selector' }>): TimeSeries[] {
    let series = this.#selected.get(selector)
    if (series === undefined) {
      series = this.#source.select(selector.matchers)
      this.#selected.set(selector, series)
    }
    return series
  }

  #instant(selector: Extract<Expression, { type: 'selector' }>, timeMs: number): Point[] {
    const atMs = this.#shift(selector, timeMs)
    const points: Point[] = []
    for (const series of this.#series(selector)) {
      const sample = series.latest(atMs, lookbackMs)
      if (sample !== undefined) points.push({ labels: series.labels, value: sample.value, sampledMs: sample.timeMs })
    }
    this.#count(points.length)
    return points
  }

  #matrix(selector: Extract<Expression, { type: 'selector' }>, fromMs: number, toMs: number): Value {
    const found: SampledSeries[] = []
    for (const series of this.#series(selector)) {
      const samples = series.range(fromMs, toMs)
      if (samples.length > 0) found.push({ labels: series.labels, samples })
      this.#count(samples.length)
    }
    return { type: 'matrix', series: found, fromMs, toMs }
  }

  #subquery(expression: Subquery, timeMs: number): Value {
    const toMs = this.#shift(expression, timeMs)
    const fromMs = toMs - expression.rangeMs
    const stepMs = expression.stepMs ?? defaultSubqueryStepMs
    this.#subquerySteps += expression.rangeMs / stepMs
    if (this.#subquerySteps > mostSubquerySteps) throw tooMuch()
    const found = new Map<Labels, SampledSeries>()
    const canonical = createGrouping(true, [])
    for (let atMs = (Math.floor(fromMs / stepMs) + 1) * stepMs; atMs <= toMs; atMs += stepMs) {
      const value = this.evaluate(expression.expression, atMs)
      for (const point of value.type === 'vector' ? value.points : []) {
        const labels = canonical(point.labels)
        const series = found.get(labels) ?? { labels: point.labels, samples: [] }
        series.samples.push({ timeMs: atMs, value: point.value })
        found.set(labels, series)
      }
    }
    return { type: 'matrix', series: [...found.values()], fromMs, toMs }
  }

  #aggregation(expression: Aggregation, timeMs: number): Value {
    const operand = this.evaluate(expression.expression, timeMs)
    const parameter = expression.parameter && this.evaluate(expression.parameter, timeMs)
    let grouping = this.#groupings.get(expression)
    if (grouping === undefined) {
      grouping = createGrouping(expression.without, expression.labels)
      this.#groupings.set(expression, grouping)
    }
    const given = parameter?.type === 'scalar' || parameter?.type === 'string' ? parameter.value : undefined
    const points = operand.type === 'vector' ? operand.points : []
    return { type: 'vector', points: aggregate(expression.operator, given, points, grouping) }
  }

  #binary(expression: BinaryExpression, timeMs: number): Value {
    const left = this.evaluate(expression.left, timeMs)
    const right = this.evaluate(expression.right, timeMs)
    if (left.type === 'scalar' && right.type === 'scalar') {
      return { type: 'scalar', value: applyScalars(expression.operator, left.value, right.value) }
    }
    if (left.type === 'vector' && right.type === 'scalar') {
      return { type: 'vector', points: withScalar(expression, left.points, right.value, false) }
    }
    if (left.type === 'scalar' && right.type === 'vector') {
      return { type: 'vector', points: withScalar(expression, right.points, left.value, true) }
    }
    if (left.type !== 'vector' || right.type !== 'vector') return { type: 'vector', points: [] }
    const combine = ['and', 'or', 'unless'].includes(expression.operator) ? setOperation : matchVectors
    return { type: 'vector', points: combine(expression, left.points, right.points) }
  }

  #count(samples: number): void {
    this.#samples += samples
    if (this.#samples > mostSamples) throw tooMuch()
  }
}

const tooMuch = () =>
  new QueryError('execution', 'query processing would load too many samples into memory in query execution')
