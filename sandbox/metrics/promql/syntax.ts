import type { Labels } from '../time-series.ts'

/** A query that cannot be read or does not make sense; `kind` is Prometheus' errorType. */
export class QueryError extends Error {
  readonly kind: 'bad_data' | 'execution'

  constructor(kind: 'bad_data' | 'execution', message: string) {
    super(message)
    this.name = 'QueryError'
    this.kind = kind
  }
}

export type MatchOperator = '=' | '!=' | '=~' | '!~'

export interface Matcher {
  label: string
  operator: MatchOperator
  value: string
  matches(value: string): boolean
}

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string'

/** `@` and `offset`: which instant a selector reads instead of the query's own. */
export interface Shift {
  offsetMs: number
  at?: { timeMs: number } | 'start' | 'end'
}

export interface Selector extends Shift {
  type: 'selector'
  matchers: Matcher[]
}

interface RangeSelector {
  type: 'range'
  selector: Selector
  rangeMs: number
}

export interface Subquery extends Shift {
  type: 'subquery'
  expression: Expression
  rangeMs: number
  stepMs: number | undefined
}

export interface VectorMatching {
  on: boolean
  labels: string[]
  /** Which side may have several series for one of the other side. */
  many: 'left' | 'right' | undefined
  include: string[]
}

export interface BinaryExpression {
  type: 'binary'
  operator: string
  bool: boolean
  left: Expression
  right: Expression
  matching: VectorMatching
}

export interface Aggregation {
  type: 'aggregation'
  operator: string
  parameter: Expression | undefined
  expression: Expression
  without: boolean
  labels: string[]
}

export interface Call {
  type: 'call'
  name: string
  arguments: Expression[]
}

export type Expression =
  | { type: 'number'; value: number }
  | { type: 'string'; value: string }
  | { type: 'negation'; expression: Expression }
  | Selector
  | RangeSelector
  | Subquery
  | BinaryExpression
  | Aggregation
  | Call

/** @throws QueryError when the regular expression cannot be compiled. Anchored at both ends, as in Prometheus. */
export function createMatcher(label: string, operator: MatchOperator, value: string): Matcher {
  if (operator === '=' || operator === '!=') {
    return { label, operator, value, matches: (actual) => (actual === value) === (operator === '=') }
  }
  let pattern: RegExp
  try {
    pattern = new RegExp(`^(?:${value})$`, 's')
  } catch (error) {
    throw new QueryError('bad_data', `error parsing regexp: ${error instanceof Error ? error.message : String(error)}`)
  }
  return { label, operator, value, matches: (actual) => pattern.test(actual) === (operator === '=~') }
}

export interface Point {
  labels: Labels
  value: number
  /** When the sample was taken; only on what a selector found itself. */
  sampledMs?: number
}
