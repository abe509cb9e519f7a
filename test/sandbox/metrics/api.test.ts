import { describe, expect, it } from 'vitest'
import { createPrometheusApi } from '../../../sandbox/metrics/prometheus-api.ts'
import { serve } from '../serve.ts'
import { atMs, createFixture } from './fixture.ts'

async function createApi() {
  const url = await serve({ '/prometheus': createPrometheusApi(createFixture(), () => atMs) })
  return async (path: string, parameters: Record<string, string> = {}, init: RequestInit = {}) => {
    const response = await fetch(`${url}/prometheus/api/v1/${path}?${new URLSearchParams(parameters)}`, init)
    return { status: response.status, body: await response.json() }
  }
}

describe('the Prometheus HTTP API', () => {
  it('answers instant queries at the simulated present', async () => {
    const api = await createApi()
    const { status, body } = await api('query', { query: 'sum(rate(http_requests_total[2m])) by (service)' })
    expect(status).toBe(200)
    expect(body).toEqual({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          { metric: { service: 'cart' }, value: [atMs / 1000, '31'] },
          { metric: { service: 'web' }, value: [atMs / 1000, '40'] },
        ],
      },
    })
  })

  it('takes forms by POST and RFC 3339 times', async () => {
    const api = await createApi()
    const form = new URLSearchParams({ query: 'limit_bytes', time: new Date(atMs - 60_000).toISOString() })
    const { body } = await api('query', {}, { method: 'POST', body: form })
    expect(body.data.result).toEqual([
      { metric: { __name__: 'limit_bytes', service: 'cart' }, value: [atMs / 1000 - 60, '1000'] },
    ])
  })

  it('answers range queries step by step', async () => {
    const api = await createApi()
    const range = { start: String(atMs / 1000 - 60), end: String(atMs / 1000), step: '30' }
    const { body } = await api('query_range', { query: 'memory_bytes{pod="a"}', ...range })
    expect(body.data).toEqual({
      resultType: 'matrix',
      result: [
        {
          metric: { __name__: 'memory_bytes', pod: 'a', service: 'cart' },
          values: [
            [atMs / 1000 - 60, '360'],
            [atMs / 1000 - 30, '380'],
            [atMs / 1000, '400'],
          ],
        },
      ],
    })
  })

  it('lists series, labels, values and metadata', async () => {
    const api = await createApi()
    expect((await api('series', { 'match[]': 'limit_bytes' })).body.data).toEqual([
      { __name__: 'limit_bytes', service: 'cart' },
    ])
    expect((await api('labels')).body.data).toEqual(['__name__', 'code', 'le', 'pod', 'service'])
    expect((await api('label/service/values')).body.data).toEqual(['cart', 'web'])
    expect((await api('label/pod/values', { 'match[]': 'memory_bytes' })).body.data).toEqual(['a', 'b'])
    expect((await api('metadata')).body.data).toEqual({})
  })

  it.each<[path: string, parameters: Record<string, string>, status: number, type: string, error: RegExp]>([
    ['query', { query: 'sum(' }, 400, 'bad_data', /^invalid parameter "query": 1:5: parse error: /],
    ['query', {}, 400, 'bad_data', /no expression found in input/],
    [
      'query',
      { query: 'up', time: 'noon' },
      400,
      'bad_data',
      /^invalid parameter "time": cannot parse "noon" to a valid timestamp$/,
    ],
    [
      'query',
      { query: 'limit_bytes / on(service) memory_bytes' },
      422,
      'execution',
      /many-to-many matching not allowed/,
    ],
    [
      'query_range',
      { query: 'up', start: '0', end: '60', step: '0' },
      400,
      'bad_data',
      /zero or negative query resolution step/,
    ],
    [
      'query_range',
      { query: 'up', start: '60', end: '0', step: '15' },
      400,
      'bad_data',
      /end timestamp must not be before start time/,
    ],
    [
      'query_range',
      { query: 'up', start: '0', end: '999999', step: '1' },
      400,
      'bad_data',
      /exceeded maximum resolution of 11,000 points/,
    ],
    [
      'query_range',
      { query: 'up[5m]', start: '0', end: '60', step: '15' },
      400,
      'bad_data',
      /invalid expression type "range vector" for range query/,
    ],
    ['series', {}, 400, 'bad_data', /no match\[\] parameter provided/],
  ])('refuses %s %o', async (path, parameters, status, type, error) => {
    const api = await createApi()
    const answer = await api(path, parameters)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ status: 'error', errorType: type, error: expect.stringMatching(error) })
  })
})
