import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../sandbox/metrics/promql/parser.ts'
import { QueryError } from '../../../sandbox/metrics/promql/syntax.ts'
import { ask, createFixture, writeSeries } from './fixture.ts'

const database = createFixture()

describe('PromQL', () => {
  it.each<[query: string, answer: string[]]>([
    ['1 + 2 * 3 ^ 2', ['19']],
    ['-2 ^ 2', ['-4']],
    ['2 ^ 3 ^ 2', ['512']],
    ['7 % 4 - 1 == bool 2', ['1']],
    ['memory_bytes{pod="b"}', ['__name__=memory_bytes,pod=b,service=cart => 250']],
    ['memory_bytes{pod=~"a|x"}', ['__name__=memory_bytes,pod=a,service=cart => 400']],
    ['memory_bytes{pod!~"a.*"}', ['__name__=memory_bytes,pod=b,service=cart => 250']],
    ['memory_bytes{pod!="a",nothing=""}', ['__name__=memory_bytes,pod=b,service=cart => 250']],
    ['memory_bytes{pod="a"} offset 5m', ['__name__=memory_bytes,pod=a,service=cart => 200']],
    ['rate(http_requests_total{service="web"}[5m])', ['code=200,pod=c,service=web => 40']],
    ['irate(http_requests_total{service="web"}[5m])', ['code=200,pod=c,service=web => 40']],
    ['increase(http_requests_total{code="500"}[1m])', ['code=500,pod=a,service=cart => 60']],
    ['sum by (service) (rate(http_requests_total[2m]))', ['service=cart => 31', 'service=web => 40']],
    ['sum without (pod, code) (rate(http_requests_total[2m]))', ['service=cart => 31', 'service=web => 40']],
    ['sum(rate(http_requests_total[2m])) by (code)', ['code=200 => 70', 'code=500 => 1']],
    ['avg(memory_bytes)', [' => 325']],
    ['max(memory_bytes) - min(memory_bytes)', [' => 150']],
    ['count(http_requests_total)', [' => 4']],
    ['stddev(memory_bytes)', [' => 75']],
    ['quantile(0.5, memory_bytes)', [' => 325']],
    ['topk(1, memory_bytes)', ['__name__=memory_bytes,pod=a,service=cart => 400']],
    ['bottomk(1, memory_bytes)', ['__name__=memory_bytes,pod=b,service=cart => 250']],
    ['count_values("size", limit_bytes)', ['size=1000 => 1']],
    ['memory_bytes > 300', ['__name__=memory_bytes,pod=a,service=cart => 400']],
    ['memory_bytes > bool 300', ['pod=a,service=cart => 1', 'pod=b,service=cart => 0']],
    ['memory_bytes / on(service) group_left limit_bytes', ['pod=a,service=cart => 0.4', 'pod=b,service=cart => 0.25']],
    ['sum(memory_bytes) by (service) / limit_bytes', ['service=cart => 0.65']],
    ['memory_bytes and on(pod) http_requests_total{code="500"}', ['__name__=memory_bytes,pod=a,service=cart => 400']],
    [
      'memory_bytes unless on(pod) http_requests_total{code="500"}',
      ['__name__=memory_bytes,pod=b,service=cart => 250'],
    ],
    [
      'memory_bytes{pod="b"} or limit_bytes',
      ['__name__=limit_bytes,service=cart => 1000', '__name__=memory_bytes,pod=b,service=cart => 250'],
    ],
    ['histogram_quantile(0.9, rate(latency_bucket[5m]))', ['service=cart => 0.5']],
    ['histogram_quantile(0.5, sum by (le) (rate(latency_bucket[5m])))', [' => 0.1']],
    ['histogram_quantile(0.999, rate(latency_bucket[5m]))', ['service=cart => 1']],
    ['avg_over_time(memory_bytes{pod="a"}[1m])', ['pod=a,service=cart => 385']],
    ['max_over_time(memory_bytes{pod="a"}[5m])', ['pod=a,service=cart => 400']],
    ['min_over_time(memory_bytes{pod="a"}[1m])', ['pod=a,service=cart => 370']],
    ['count_over_time(memory_bytes{pod="a"}[1m])', ['pod=a,service=cart => 4']],
    ['quantile_over_time(0.5, memory_bytes{pod="a"}[1m])', ['pod=a,service=cart => 385']],
    ['delta(memory_bytes{pod="a"}[5m])', ['pod=a,service=cart => 200']],
    ['deriv(memory_bytes{pod="a"}[5m])', ['pod=a,service=cart => 0.666666667']],
    ['predict_linear(memory_bytes{pod="a"}[5m], 600)', ['pod=a,service=cart => 800']],
    ['changes(memory_bytes[1m])', ['pod=a,service=cart => 3', 'pod=b,service=cart => 0']],
    ['max_over_time(rate(http_requests_total{service="web"}[1m])[5m:1m])', ['code=200,pod=c,service=web => 40']],
    ['absent(nothing{service="cart",pod=~"x"})', ['service=cart => 1']],
    ['absent(memory_bytes)', []],
    ['clamp_max(memory_bytes, 300)', ['pod=a,service=cart => 300', 'pod=b,service=cart => 250']],
    ['round(memory_bytes{pod="a"} / 300, 0.5)', ['pod=a,service=cart => 1.5']],
    ['scalar(limit_bytes) / 10', ['100']],
    ['vector(3)', [' => 3']],
    ['hour()', [' => 12']],
    ['day_of_week()', [' => 1']],
    [
      'label_replace(limit_bytes, "team", "$1-team", "service", "(c.*)")',
      ['__name__=limit_bytes,service=cart,team=cart-team => 1000'],
    ],
    [
      'label_join(memory_bytes{pod="b"}, "id", "/", "service", "pod")',
      ['__name__=memory_bytes,id=cart/b,pod=b,service=cart => 250'],
    ],
    [
      'sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) # error share',
      [' => 0.014084507'],
    ],
    ['1 / 0', ['+Inf']],
  ])('%s', (query, answer) => {
    expect(ask(database, query)).toEqual(answer)
  })

  it('adds back what a counter lost when it began anew', () => {
    const own = createFixture()
    writeSeries(own, 'restarted_total', {}, [100, 110, 120, 5, 15])
    // Raw increase 10 + 10 + 5 + 10 over 60 s, extrapolated to the 75 s of the window's reach.
    expect(ask(own, 'increase(restarted_total[75s])')).toEqual([' => 43.75'])
    expect(ask(own, 'resets(restarted_total[75s])')).toEqual([' => 1'])
  })

  it('ends a series at its stale marker and after five minutes', () => {
    const own = createFixture()
    writeSeries(own, 'gone', {}, [1, 1, Number.NaN])
    expect(ask(own, 'gone')).toEqual([])
    expect(ask(own, 'gone offset 15s')).toEqual(['__name__=gone => 1'])
    expect(ask(own, 'limit_bytes offset -4m')).toHaveLength(1)
    expect(ask(own, 'limit_bytes offset -6m')).toHaveLength(0)
  })

  it.each<[query: string, message: RegExp]>([
    ['', /no expression found in input/],
    ['sum(', /1:5: parse error: unexpected end of input/],
    ['rate(http_requests_total)', /expected type range vector in call to function "rate", got instant vector/],
    ['http_requests_total[5m] + 1', /binary expression only allowed on/],
    ['nosuch(http_requests_total)', /1:1: parse error: unknown function with name "nosuch"/],
    ['constructor(http_requests_total)', /unknown function/],
    ['{}', /must contain at least one non-empty matcher/],
    ['{service=""}', /must contain at least one non-empty matcher/],
    ['foo{a=~"["}', /error parsing regexp/],
    ['"open', /unterminated quoted string/],
    ['1 == 2', /comparisons between scalars must use BOOL modifier/],
    ['1 and 2', /set operator "and" not allowed in binary scalar expression/],
    ['foo[5x]', /unexpected identifier "x"/],
    ['foo[0s]', /duration must be greater than 0/],
    ['topk(memory_bytes)', /wrong number of arguments for aggregate expression provided, expected 2, got 1/],
    ['clamp(foo, 1)', /expected 3 argument\(s\) in call to "clamp", got 2/],
    ['foo bar', /unexpected identifier "bar"/],
    ['foo $', /unexpected character/],
  ])('refuses %s', (query, message) => {
    expect(() => parseQuery(query)).toThrow(QueryError)
    expect(() => parseQuery(query)).toThrow(message)
  })

  it('refuses ambiguous matches when it evaluates', () => {
    expect(() => ask(database, 'limit_bytes / on(service) memory_bytes')).toThrow(/many-to-many matching not allowed/)
    expect(() => ask(database, 'memory_bytes / on(service) limit_bytes')).toThrow(
      /many-to-one matching must be explicit/,
    )
  })
})
