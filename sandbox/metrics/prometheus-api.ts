import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SeriesDatabase } from './database.ts'
import { readParameters, sendJson } from './http.ts'
import { parseQuery } from './promql/parser.ts'
import { type Matcher, QueryError } from './promql/syntax.ts'
import { parseDuration } from './promql/tokens.ts'
import { findSeries, queryInstant, queryRange } from './query.ts'

export const prometheusPrefix = '/prometheus'
const mostPointsPerSeries = 11_000

/** What is asked for cannot be read; sent as 400 bad_data with the parameter's name in front. */
function refuse(parameter: string, why: string): never {
  throw new QueryError('bad_data', `invalid parameter "${parameter}": ${why}`)
}

function readTime(parameters: URLSearchParams, name: string, otherwiseMs: number | undefined): number {
  const text = parameters.get(name)
  if (text === null || text === '') {
    if (otherwiseMs !== undefined) return otherwiseMs
    return refuse(name, 'cannot parse "" to a valid timestamp')
  }
  const timeMs = /^-?\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text) ? Number(text) * 1000 : Date.parse(text)
  return Number.isFinite(timeMs) ? Math.round(timeMs) : refuse(name, `cannot parse "${text}" to a valid timestamp`)
}

function readStep(parameters: URLSearchParams): number {
  const text = parameters.get('step') ?? ''
  const ms = /^\d+(\.\d*)?$/.test(text) ? Math.round(Number(text) * 1000) : parseDuration(text)
  if (ms === undefined) return refuse('step', `cannot parse "${text}" to a valid duration`)
  if (ms <= 0) refuse('step', 'zero or negative query resolution step widths are not accepted. Try a positive integer')
  return ms
}

function withParameter<T>(parameter: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof QueryError && error.kind === 'bad_data') refuse(parameter, error.message)
    throw error
  }
}

function readSelectors(parameters: URLSearchParams, needed: boolean): Matcher[][] {
  const texts = parameters.getAll('match[]')
  if (texts.length === 0 && needed) throw new QueryError('bad_data', 'no match[] parameter provided')
  return texts.map((text) =>
    withParameter('match[]', () => {
      const expression = parseQuery(text)
      if (expression.type === 'selector') return expression.matchers
      throw new QueryError('bad_data', '1:1: parse error: expected a vector selector')
    }),
  )
}

/**
 * The Prometheus HTTP query API (https://prometheus.io/docs/prometheus/latest/querying/api/) over the sandbox's
 * series, under /prometheus/api/v1. Without a `time`, "now" is the simulated present.
 */
export function createPrometheusApi(database: SeriesDatabase, nowMs: () => number) {
  const endpoints: Record<string, (parameters: URLSearchParams) => unknown> = {
    query: (parameters) => {
      const timeMs = readTime(parameters, 'time', nowMs())
      return withParameter('query', () => queryInstant(database, parameters.get('query') ?? '', timeMs))
    },
    query_range: (parameters) => {
      const startMs = readTime(parameters, 'start', undefined)
      const endMs = readTime(parameters, 'end', undefined)
      if (endMs < startMs) refuse('end', 'end timestamp must not be before start time')
      const stepMs = readStep(parameters)
      if ((endMs - startMs) / stepMs > mostPointsPerSeries) {
        throw new QueryError(
          'bad_data',
          'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
        )
      }
      return withParameter('query', () => queryRange(database, parameters.get('query') ?? '', startMs, endMs, stepMs))
    },
    series: (parameters) => found(parameters, readSelectors(parameters, true)),
    labels: (parameters) => {
      const names = new Set(found(parameters, selectorsOrAll(parameters)).flatMap((labels) => Object.keys(labels)))
      return [...names].sort()
    },
    metadata: (parameters) => {
      const wanted = parameters.get('metric')
      const all = [...database.descriptions].filter(([name]) => wanted === null || wanted === '' || wanted === name)
      return Object.fromEntries(all.map(([name, { type, help }]) => [name, [{ type, help, unit: '' }]]))
    },
    'status/buildinfo': () => ({ version: '3.0.0-sandbox', revision: 'sandbox', goVersion: 'none' }),
  }
  const selectorsOrAll = (parameters: URLSearchParams): Matcher[][] => {
    const selectors = readSelectors(parameters, false)
    return selectors.length > 0 ? selectors : [[]]
  }
  const found = (parameters: URLSearchParams, selectors: Matcher[][]) => {
    const endMs = readTime(parameters, 'end', nowMs())
    return findSeries(database, selectors, readTime(parameters, 'start', 0), endMs)
  }
  const labelValues = (name: string, parameters: URLSearchParams): string[] => {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
      throw new QueryError('bad_data', `invalid label name: ${JSON.stringify(name)}`)
    const values = found(parameters, selectorsOrAll(parameters)).flatMap((labels) => labels[name] ?? [])
    return [...new Set(values)].sort()
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://sandbox')
    const path = url.pathname.slice(prometheusPrefix.length)
    if (path === '/-/healthy' || path === '/-/ready') {
      response.end('Prometheus Server is Ready.\n')
      return
    }
    const name = path.startsWith('/api/v1/') ? path.slice('/api/v1/'.length) : ''
    const label = /^label\/([^/]+)\/values$/.exec(name)?.[1]
    const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined
    if (endpoint === undefined && label === undefined) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('404 page not found\n')
      return
    }
    try {
      const parameters = await readParameters(request, url)
      const data = label === undefined ? endpoint?.(parameters) : labelValues(decodeURIComponent(label), parameters)
      sendJson(response, 200, { status: 'success', data })
    } catch (error) {
      sendError(response, error)
    }
  }
}

function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof QueryError) {
    const status = error.kind === 'bad_data' ? 400 : 422
    sendJson(response, status, { status: 'error', errorType: error.kind, error: error.message })
  } else if (error instanceof RangeError || error instanceof URIError) {
    sendJson(response, 400, { status: 'error', errorType: 'bad_data', error: error.message })
  } else {
    const message = error instanceof Error ? error.message : String(error)
    sendJson(response, 500, { status: 'error', errorType: 'internal', error: message })
  }
}
