import { describe, expect, test } from 'vitest'
import type { ChartBlock } from '../../core/card.ts'
import { sayChart, sayNumber } from '../../core/chart.ts'

const chart = (values: readonly (number | null)[], more: Partial<ChartBlock> = {}): ChartBlock => ({
  ...{ type: 'chart', title: 'Requests', shape: 'bar', points: values.map((_, at) => `p${at}`) },
  ...{ series: [{ name: 'checkout', values }] },
  ...more,
})
const only = (block: ChartBlock) => sayChart(block).series[0]

describe('a chart in words', () => {
  test('says from where to where it goes and how it ends, in its unit', () => {
    expect(only(chart([0, 2, 5, 1], { unit: 'req/s' }))?.says).toBe('0 to 5 req/s, last 1')
    expect(only(chart([3, 3]))?.says).toBe('always 3')
    expect(only(chart([3, 4, null]))?.says).toBe('3 to 4, nothing was measured last')
    expect(only(chart([null, null]))?.says).toBe('nothing was measured')
    expect(only(chart([]))?.says).toBe('nothing was measured')
  })

  test('bars stand on zero, a line fills its height; a gap is no value, and little is more than nothing', () => {
    expect(only(chart([0, 1, 100, null, 50]))?.bars).toBe('▁▂█·▅')
    expect(only(chart([98, 99, 100]))?.bars).toBe('███')
    expect(only(chart([98, 99, 100], { shape: 'line' }))?.bars).toBe('▁▅█')
    expect(only(chart([-4, 0, 4], { shape: 'area' }))?.bars).toBe('▁▅█')
  })

  test('all series are on one scale', () => {
    const said = sayChart(
      chart([], {
        points: ['a', 'b'],
        series: [
          { name: 'done', values: [0, 8] },
          { name: 'failed', values: [1, 0] },
        ],
      }),
    )
    expect(said.series.map(({ bars }) => bars)).toEqual(['▁█', '▂▁'])
    expect(said.scale).toEqual({ low: 0, high: 8 })
  })

  test('the newest twenty points and the first twelve series are shown, and the rest is said', () => {
    const values = Array.from({ length: 23 }, (_, at) => at)
    const said = sayChart(
      chart(values, { series: Array.from({ length: 13 }, (_, at) => ({ name: `s${at}`, values })) }),
    )
    expect(said.points.at(0)).toBe('p3')
    expect(said.series[0]?.values).toEqual(values.slice(3))
    expect(said.series).toHaveLength(12)
    expect(said.leftOut).toBe('3 earlier points and 1 more series are not shown.')
    expect(sayChart(chart(values.slice(0, 21))).leftOut).toBe('1 earlier point is not shown.')
    expect(sayChart(chart([1])).leftOut).toBeUndefined()
  })

  test('values that are no numbers, or too many for a number, break nothing', () => {
    expect(only(chart([Number.NaN, 1, Number.POSITIVE_INFINITY]))?.says).toBe('always 1, nothing was measured last')
    expect(only(chart([-Number.MAX_VALUE, Number.MAX_VALUE], { shape: 'line' }))?.bars).toBe('▁█')
    expect(only(chart([1], { points: ['a', 'b'] }))?.bars).toBe('█·')
  })

  test('numbers keep three digits that count', () => {
    expect([0, 0.12345, 4.256, 41.87, 1840.4, 2e15, 3e-9].map(sayNumber)).toEqual([
      ...['0', '0.123', '4.26', '41.9', '1,840', '2.00e+15', '3.00e-9'],
    ])
  })
})
