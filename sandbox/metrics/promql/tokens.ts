import { QueryError } from './syntax.ts'

export interface Token {
  type: 'identifier' | 'number' | 'duration' | 'string' | 'symbol' | 'end'
  text: string
  /** For strings: what is between the quotes, escapes resolved. */
  value: string
  position: number
}

const unitMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
}

const durationPattern = /^(?:\d+(?:ms|[smhdwy]))+/
const numberPattern = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/
// A colon before a digit or a bracket belongs to a subquery such as [1h:5m].
const identifierPattern = /^(?:[a-zA-Z_]|:(?=[a-zA-Z_:]))[a-zA-Z0-9_:]*/
const symbolPattern = /^(?:=~|!~|!=|==|>=|<=|[-+*/%^(){}[\],=<>:@])/

/** "1h30m" → milliseconds; undefined when it is no Prometheus duration. */
export function parseDuration(text: string): number | undefined {
  if (durationPattern.exec(text)?.[0] !== text) return undefined
  let total = 0
  for (const part of text.matchAll(/(\d+)(ms|[smhdwy])/g)) total += Number(part[1]) * (unitMs[part[2] ?? ''] ?? 0)
  return total
}

/** "line:column" as Prometheus counts them, for error messages. */
export function locate(query: string, position: number): string {
  const before = query.slice(0, position).split('\n')
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}

function readString(query: string, start: number): { end: number; value: string } {
  const quote = query[start] ?? ''
  let value = ''
  for (let index = start + 1; index < query.length; index++) {
    const character = query[index] ?? ''
    if (character === quote) return { end: index + 1, value }
    if (character === '\\' && quote !== '`') {
      index++
      const escaped = query[index] ?? ''
      const simple: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" }
      const resolved = simple[escaped]
      if (resolved === undefined)
        throw new QueryError('bad_data', `${locate(query, index)}: parse error: unknown escape sequence "\\${escaped}"`)
      value += resolved
    } else value += character
  }
  throw new QueryError('bad_data', `${locate(query, start)}: parse error: unterminated quoted string`)
}

/** Splits a query into tokens; white space and # comments are dropped. @throws QueryError */
export function tokenize(query: string): Token[] {
  const tokens: Token[] = []
  let position = 0
  while (position < query.length) {
    const rest = query.slice(position)
    const skipped = /^(?:\s+|#[^\n]*)/.exec(rest)?.[0]
    if (skipped !== undefined) {
      position += skipped.length
      continue
    }
    if (/^["'`]/.test(rest)) {
      const { end, value } = readString(query, position)
      tokens.push({ type: 'string', text: query.slice(position, end), value, position })
      position = end
      continue
    }
    const [type, text] = classify(rest)
    if (text === undefined) {
      throw new QueryError(
        'bad_data',
        `${locate(query, position)}: parse error: unexpected character: ${JSON.stringify(rest[0])}`,
      )
    }
    tokens.push({ type, text, value: text, position })
    position += text.length
  }
  tokens.push({ type: 'end', text: 'end of input', value: '', position })
  return tokens
}

function classify(rest: string): [Token['type'], string | undefined] {
  const duration = durationPattern.exec(rest)?.[0]
  if (duration !== undefined && !/^[a-zA-Z0-9_]/.test(rest.slice(duration.length))) return ['duration', duration]
  const number = numberPattern.exec(rest)?.[0]
  if (number !== undefined) return ['number', number]
  const identifier = identifierPattern.exec(rest)?.[0]
  if (identifier !== undefined) return ['identifier', identifier]
  return ['symbol', symbolPattern.exec(rest)?.[0]]
}
