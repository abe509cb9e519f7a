import { parsePostfix, parseSelector } from './parse-selector.ts'
import { aggregationOperators, functions } from './signatures.ts'
import {
  type Aggregation,
  type BinaryExpression,
  type Call,
  type Expression,
  QueryError,
  type VectorMatching,
} from './syntax.ts'
import { locate, type Token, tokenize } from './tokens.ts'
import { checkTypes } from './types.ts'

const precedence = new Map<string, number>(
  Object.entries({
    or: 1,
    and: 2,
    unless: 2,
    '==': 3,
    '!=': 3,
    '>': 3,
    '<': 3,
    '>=': 3,
    '<=': 3,
    '+': 4,
    '-': 4,
    '*': 5,
    '/': 5,
    '%': 5,
    atan2: 5,
    '^': 6,
  }),
)
const comparisons = new Set(['==', '!=', '>', '<', '>=', '<='])

/** A cursor over the tokens of one query. */
export class TokenReader {
  readonly query: string
  readonly #tokens: Token[]
  #index = 0

  constructor(query: string) {
    this.query = query
    this.#tokens = tokenize(query)
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)]
    if (token === undefined) throw new QueryError('bad_data', 'parse error: no expression found in input')
    return token
  }

  next(): Token {
    const token = this.peek()
    this.#index++
    return token
  }

  is(text: string): boolean {
    const token = this.peek()
    return token.text === text && token.type !== 'string'
  }

  take(text: string): boolean {
    if (!this.is(text)) return false
    this.#index++
    return true
  }

  expect(text: string, context: string): void {
    if (!this.take(text)) this.unexpected(context, `expected ${JSON.stringify(text)}`)
  }

  unexpected(context: string, expected?: string): never {
    const token = this.peek()
    const shown = token.type === 'end' ? token.text : `${token.type} ${JSON.stringify(token.text)}`
    this.fail(token.position, `unexpected ${shown} in ${context}${expected === undefined ? '' : `, ${expected}`}`)
  }

  fail(position: number, message: string): never {
    throw new QueryError('bad_data', `${locate(this.query, position)}: parse error: ${message}`)
  }
}

/**
 * Reads a PromQL expression (https://prometheus.io/docs/prometheus/latest/querying/basics/) and checks that every
 * function and operator gets the type it needs.
 * @throws QueryError with line and column, in Prometheus' words
 */
export function parseQuery(query: string): Expression {
  const reader = new TokenReader(query)
  if (reader.peek().type === 'end') throw new QueryError('bad_data', '1:1: parse error: no expression found in input')
  const expression = parseBinary(reader, 0)
  if (reader.peek().type !== 'end') reader.unexpected('expression')
  checkTypes(expression)
  return expression
}

function operatorOf(reader: TokenReader): string | undefined {
  const token = reader.peek()
  if (token.type !== 'symbol' && token.type !== 'identifier') return undefined
  const name = token.type === 'identifier' ? token.text.toLowerCase() : token.text
  return precedence.has(name) ? name : undefined
}

function parseBinary(reader: TokenReader, minimum: number): Expression {
  let left = parseUnary(reader)
  for (let operator = operatorOf(reader); operator !== undefined; operator = operatorOf(reader)) {
    const level = precedence.get(operator) ?? 0
    if (level < minimum) break
    const position = reader.next().position
    const bool = reader.take('bool')
    if (bool && !comparisons.has(operator)) {
      reader.fail(position, 'bool modifier can only be used on comparison operators')
    }
    const matching = parseMatching(reader)
    // ^ binds to the right, everything else to the left.
    const right = parseBinary(reader, operator === '^' ? level : level + 1)
    const binary: BinaryExpression = { type: 'binary', operator, bool, left, right, matching }
    left = binary
  }
  return left
}

function parseMatching(reader: TokenReader): VectorMatching {
  const matching: VectorMatching = { on: false, labels: [], many: undefined, include: [] }
  if (reader.is('on') || reader.is('ignoring')) {
    matching.on = reader.next().text === 'on'
    matching.labels = parseLabelNames(reader)
    if (reader.is('group_left') || reader.is('group_right')) {
      matching.many = reader.next().text === 'group_left' ? 'left' : 'right'
      if (reader.is('(')) matching.include = parseLabelNames(reader)
    }
  }
  return matching
}

function parseLabelNames(reader: TokenReader): string[] {
  const names: string[] = []
  reader.expect('(', 'grouping opts')
  while (!reader.take(')')) {
    const token = reader.peek()
    if (token.type !== 'identifier') reader.unexpected('grouping opts', 'expected label')
    names.push(reader.next().text)
    if (!reader.is(')')) reader.expect(',', 'grouping opts')
  }
  return names
}

function parseUnary(reader: TokenReader): Expression {
  if (reader.take('+')) return parseBinary(reader, 6)
  // A minus sign binds weaker than ^ and stronger than *: −2^2 is −4.
  if (reader.take('-')) return { type: 'negation', expression: parseBinary(reader, 6) }
  return parsePostfix(reader, parsePrimary(reader))
}

function parsePrimary(reader: TokenReader): Expression {
  const token = reader.peek()
  if (token.type === 'number') return { type: 'number', value: Number(reader.next().text) }
  if (token.type === 'string') return { type: 'string', value: reader.next().value }
  if (reader.take('(')) {
    const expression = parseBinary(reader, 0)
    reader.expect(')', 'paren expression')
    return expression
  }
  if (reader.is('{')) return parseSelector(reader)
  if (token.type !== 'identifier') reader.unexpected('expression')
  const name = token.text
  if (/^(?:nan|\+?inf)$/i.test(name)) {
    reader.next()
    return { type: 'number', value: /nan/i.test(name) ? Number.NaN : Number.POSITIVE_INFINITY }
  }
  const following = reader.peek(1).text
  if (aggregationOperators.has(name.toLowerCase()) && ['(', 'by', 'without'].includes(following)) {
    return parseAggregation(reader)
  }
  if (following === '(' && reader.peek(1).type === 'symbol') return parseCall(reader)
  return parseSelector(reader)
}

function parseAggregation(reader: TokenReader): Aggregation {
  const operator = reader.next().text.toLowerCase()
  let grouping = parseGrouping(reader)
  const position = reader.peek().position
  const parameters = parseArguments(reader, 'aggregation')
  grouping ??= parseGrouping(reader)
  const wanted = aggregationOperators.get(operator) ?? 1
  if (parameters.length !== wanted) {
    reader.fail(
      position,
      `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${parameters.length}`,
    )
  }
  const expression = parameters.at(-1)
  if (expression === undefined) reader.fail(position, 'no arguments for aggregate expression provided')
  return {
    type: 'aggregation',
    operator,
    parameter: wanted === 2 ? parameters[0] : undefined,
    expression,
    without: grouping?.without ?? false,
    labels: grouping?.labels ?? [],
  }
}

function parseGrouping(reader: TokenReader): { without: boolean; labels: string[] } | undefined {
  if (!reader.is('by') && !reader.is('without')) return undefined
  return { without: reader.next().text === 'without', labels: parseLabelNames(reader) }
}

function parseCall(reader: TokenReader): Call {
  const token = reader.next()
  const signature = Object.hasOwn(functions, token.text) ? functions[token.text] : undefined
  if (signature === undefined) reader.fail(token.position, `unknown function with name "${token.text}"`)
  const parameters = parseArguments(reader, 'call')
  const optional = signature.optional ?? 0
  const most = signature.variadic ? Number.POSITIVE_INFINITY : signature.arguments.length
  const least = signature.arguments.length - optional
  if (parameters.length < least || parameters.length > most) {
    const bound = optional === 0 ? '' : parameters.length < least ? 'at least ' : 'at most '
    reader.fail(
      token.position,
      `expected ${bound}${parameters.length < least ? least : most} argument(s) in call to "${token.text}", got ${parameters.length}`,
    )
  }
  return { type: 'call', name: token.text, arguments: parameters }
}

function parseArguments(reader: TokenReader, context: string): Expression[] {
  const parameters: Expression[] = []
  reader.expect('(', context)
  while (!reader.take(')')) {
    parameters.push(parseBinary(reader, 0))
    if (!reader.is(')')) reader.expect(',', context)
  }
  return parameters
}
