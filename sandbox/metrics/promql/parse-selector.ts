import type { TokenReader } from './parser.ts'
import {
  createMatcher,
  type Expression,
  type Matcher,
  type MatchOperator,
  type Selector,
  type Shift,
} from './syntax.ts'
import { parseDuration } from './tokens.ts'

const matchOperators: readonly string[] = ['=', '!=', '=~', '!~']

function isMatchOperator(text: string): text is MatchOperator {
  return matchOperators.includes(text)
}

/** `name{label="value",…}` or `{…}`. */
export function parseSelector(reader: TokenReader): Selector {
  const start = reader.peek().position
  const matchers: Matcher[] = []
  if (reader.peek().type === 'identifier') matchers.push(createMatcher('__name__', '=', reader.next().text))
  if (reader.take('{')) {
    while (!reader.take('}')) {
      matchers.push(parseMatcher(reader))
      if (!reader.is('}')) reader.expect(',', 'label matching')
    }
  }
  if (matchers.every((matcher) => matcher.matches(''))) {
    reader.fail(start, 'vector selector must contain at least one non-empty matcher')
  }
  return { type: 'selector', matchers, offsetMs: 0 }
}

function parseMatcher(reader: TokenReader): Matcher {
  const label = reader.peek()
  if (label.type === 'string') {
    // {"metric.name"}: the quoted metric name of Prometheus 3.
    return createMatcher('__name__', '=', reader.next().value)
  }
  if (label.type !== 'identifier') reader.unexpected('label matching', 'expected identifier or "}"')
  reader.next()
  const operator = reader.peek().text
  if (!isMatchOperator(operator)) reader.unexpected('label matching', 'expected label matching operator')
  reader.next()
  if (reader.peek().type !== 'string') reader.unexpected('label matching', 'expected string')
  return createMatcher(label.text, operator, reader.next().value)
}

function parseDurationToken(reader: TokenReader, context: string): number {
  const token = reader.peek()
  // Prometheus 3 also reads a plain number as seconds.
  const ms = token.type === 'number' ? Number(token.text) * 1000 : parseDuration(token.text)
  if (ms === undefined) reader.unexpected(context, 'expected duration')
  if (ms === 0 && context !== 'offset') reader.fail(token.position, 'duration must be greater than 0')
  reader.next()
  return ms
}

/** What may follow an expression: `[5m]`, `[1h:5m]`, `offset 1d`, `@ 1700000000`. */
export function parsePostfix(reader: TokenReader, start: Expression): Expression {
  let expression = start
  for (;;) {
    const token = reader.peek()
    if (reader.take('[')) {
      const rangeMs = parseDurationToken(reader, 'subquery or range')
      if (reader.take(':')) {
        const stepMs = reader.is(']') ? undefined : parseDurationToken(reader, 'subquery selector')
        expression = { type: 'subquery', expression, rangeMs, stepMs, offsetMs: 0 }
      } else {
        if (expression.type !== 'selector') {
          reader.fail(token.position, 'ranges only allowed for vector selectors')
        }
        expression = { type: 'range', selector: expression, rangeMs }
      }
      reader.expect(']', 'subquery or range')
    } else if (reader.take('offset')) {
      const negative = reader.take('-')
      const offsetMs = parseDurationToken(reader, 'offset')
      shiftOf(reader, expression, token.position, 'offset').offsetMs = negative ? -offsetMs : offsetMs
    } else if (reader.take('@')) {
      shiftOf(reader, expression, token.position, '@').at = parseInstant(reader)
    } else return expression
  }
}

function shiftOf(reader: TokenReader, expression: Expression, position: number, modifier: string): Shift {
  if (expression.type === 'selector' || expression.type === 'subquery') return expression
  if (expression.type === 'range') return expression.selector
  reader.fail(
    position,
    `${modifier} modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
  )
}

function parseInstant(reader: TokenReader): Shift['at'] {
  const token = reader.next()
  if (token.type === 'number') return { timeMs: Number(token.text) * 1000 }
  if (token.text !== 'start' && token.text !== 'end') reader.fail(token.position, 'expected timestamp after @')
  reader.expect('(', '@')
  reader.expect(')', '@')
  return token.text
}
