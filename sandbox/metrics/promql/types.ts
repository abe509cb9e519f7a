import { functions } from './signatures.ts'
import { type Expression, QueryError, type ValueType } from './syntax.ts'

const spoken: Record<ValueType, string> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
}
const setOperators = new Set(['and', 'or', 'unless'])
const comparisons = new Set(['==', '!=', '>', '<', '>=', '<='])

function expectType(expression: Expression, wanted: ValueType, context: string): void {
  const actual = checkTypes(expression)
  if (actual !== wanted) {
    throw new QueryError(
      'bad_data',
      `parse error: expected type ${spoken[wanted]} in ${context}, got ${spoken[actual]}`,
    )
  }
}

/** The type an expression has. @throws QueryError when a part of it has a type its place does not allow */
export function checkTypes(expression: Expression): ValueType {
  switch (expression.type) {
    case 'number':
      return 'scalar'
    case 'string':
      return 'string'
    case 'selector':
      return 'vector'
    case 'range':
      return 'matrix'
    case 'subquery':
      expectType(expression.expression, 'vector', 'subquery')
      return 'matrix'
    case 'negation':
      return numeric(expression.expression, 'unary expression')
    case 'aggregation':
      expectType(expression.expression, 'vector', 'aggregation expression')
      if (expression.parameter !== undefined) {
        const wanted = expression.operator === 'count_values' ? 'string' : 'scalar'
        expectType(expression.parameter, wanted, 'aggregation parameter')
      }
      return 'vector'
    case 'binary':
      return checkBinary(expression)
    case 'call': {
      const signature = functions[expression.name]
      expression.arguments.forEach((argument, index) => {
        const wanted = signature?.arguments[Math.min(index, signature.arguments.length - 1)]
        if (wanted !== undefined) expectType(argument, wanted, `call to function "${expression.name}"`)
      })
      return signature?.returns ?? 'vector'
    }
  }
}

function numeric(expression: Expression, context: string): ValueType {
  const type = checkTypes(expression)
  if (type === 'scalar' || type === 'vector') return type
  throw new QueryError(
    'bad_data',
    `parse error: ${context} only allowed on expressions of type scalar or instant vector, got ${JSON.stringify(spoken[type])}`,
  )
}

function checkBinary(expression: Extract<Expression, { type: 'binary' }>): ValueType {
  const left = numeric(expression.left, 'binary expression')
  const right = numeric(expression.right, 'binary expression')
  if (setOperators.has(expression.operator) && (left === 'scalar' || right === 'scalar')) {
    throw new QueryError(
      'bad_data',
      `parse error: set operator ${JSON.stringify(expression.operator)} not allowed in binary scalar expression`,
    )
  }
  if (left === 'scalar' && right === 'scalar') {
    if (comparisons.has(expression.operator) && !expression.bool) {
      throw new QueryError('bad_data', 'parse error: comparisons between scalars must use BOOL modifier')
    }
    return 'scalar'
  }
  return 'vector'
}
