import { labelKey } from '../database.ts'
import type { Labels } from '../time-series.ts'
import { dropName, keepLabels, withoutLabels } from './labels.ts'
import { type BinaryExpression, type Point, QueryError, type VectorMatching } from './syntax.ts'

const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => left ** right,
  atan2: Math.atan2,
}

const comparisons: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
}

export function applyScalars(operator: string, left: number, right: number): number {
  const compare = comparisons[operator]
  if (compare !== undefined) return compare(left, right) ? 1 : 0
  return arithmetic[operator]?.(left, right) ?? Number.NaN
}

/** What remains of a pair; undefined when a comparison filters it out. `shown` is the vector's own value. */
function combine(expression: BinaryExpression, left: number, right: number, shown: number): number | undefined {
  const compare = comparisons[expression.operator]
  if (compare === undefined) return applyScalars(expression.operator, left, right)
  const holds = compare(left, right)
  if (expression.bool) return holds ? 1 : 0
  return holds ? shown : undefined
}

function keepsName(expression: BinaryExpression): boolean {
  return comparisons[expression.operator] !== undefined && !expression.bool
}

export function withScalar(
  expression: BinaryExpression,
  points: Point[],
  scalar: number,
  scalarLeft: boolean,
): Point[] {
  return points.flatMap((point) => {
    const [left, right] = scalarLeft ? [scalar, point.value] : [point.value, scalar]
    const value = combine(expression, left, right, point.value)
    if (value === undefined) return []
    return [{ labels: keepsName(expression) ? point.labels : dropName(point.labels), value }]
  })
}

function signature(matching: VectorMatching, labels: Labels): string {
  return labelKey(matching.on ? keepLabels(labels, matching.labels) : withoutLabels(labels, matching.labels))
}

export function setOperation(expression: BinaryExpression, left: Point[], right: Point[]): Point[] {
  const keyOf = (point: Point) => signature(expression.matching, point.labels)
  const onRight = new Set(right.map(keyOf))
  if (expression.operator === 'and') return left.filter((point) => onRight.has(keyOf(point)))
  if (expression.operator === 'unless') return left.filter((point) => !onRight.has(keyOf(point)))
  const onLeft = new Set(left.map(keyOf))
  return [...left, ...right.filter((point) => !onLeft.has(keyOf(point)))]
}

/** @throws QueryError when one series would match several */
export function matchVectors(expression: BinaryExpression, left: Point[], right: Point[]): Point[] {
  const { matching } = expression
  const [many, one] = matching.many === 'right' ? [right, left] : [left, right]
  const ones = new Map<string, Point>()
  for (const point of one) {
    const key = signature(matching, point.labels)
    if (ones.has(key)) refuseDuplicates(matching, point.labels)
    ones.set(key, point)
  }
  const seen = new Set<string>()
  return many.flatMap((point) => {
    const key = signature(matching, point.labels)
    const partner = ones.get(key)
    if (partner === undefined) return []
    const [leftPoint, rightPoint] = matching.many === 'right' ? [partner, point] : [point, partner]
    const value = combine(expression, leftPoint.value, rightPoint.value, leftPoint.value)
    if (value === undefined) return []
    const labels = resultLabels(expression, point.labels, partner.labels)
    const resultKey = matching.many === undefined ? key : labelKey(labels)
    if (seen.has(resultKey)) {
      throw new QueryError(
        'execution',
        matching.many === undefined
          ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
          : 'multiple matches for labels: grouping labels must ensure unique matches',
      )
    }
    seen.add(resultKey)
    return [{ labels, value }]
  })
}

function refuseDuplicates(matching: VectorMatching, labels: Labels): never {
  const group = matching.on ? keepLabels(labels, matching.labels) : withoutLabels(labels, matching.labels)
  const side = matching.many === 'right' ? 'left' : 'right'
  throw new QueryError(
    'execution',
    `found duplicate series for the match group {${labelKey(group)}} on the ${side} hand-side of the operation;many-to-many matching not allowed: matching labels must be unique on one side`,
  )
}

function resultLabels(expression: BinaryExpression, many: Labels, one: Labels): Labels {
  const { matching } = expression
  const base = keepsName(expression) ? many : dropName(many)
  if (matching.many === undefined) {
    if (keepsName(expression) && !matching.on && matching.labels.length === 0) return base
    return matching.on ? keepLabels(base, matching.labels) : withoutLabels(base, matching.labels)
  }
  const included = Object.fromEntries(matching.include.map((name) => [name, one[name] ?? '']))
  return Object.fromEntries(Object.entries({ ...base, ...included }).filter(([, value]) => value !== ''))
}
