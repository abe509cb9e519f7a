import { expect, it } from 'vitest'
import { queryInstant } from '../../../sandbox/metrics/query.ts'

it('refuses a subquery of more steps than anybody waits for, also one inside another', () => {
  const ask = (query: string) => queryInstant({ select: () => [] }, query, Date.parse('2026-11-21T12:00:00Z'))
  expect(ask('count_over_time(vector(1)[1h:1s])')).toMatchObject({ result: [{ value: [expect.any(Number), '3600'] }] })
  expect(() => ask('count_over_time(vector(1)[2h:1ms])')).toThrow(/too many samples/)
  expect(() => ask('sum_over_time(count_over_time(vector(1)[1h:1s])[1h:1s])')).toThrow(/too many samples/)
})
