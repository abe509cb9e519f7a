import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sayChart, sayNumber } from '../../core/chart.ts'
import * as page from '../../web/src/card/chart-shape.ts'

const anyValues = fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), {
  minLength: 1,
  maxLength: 20,
})
const shapes = fc.constantFrom('line' as const, 'bar' as const, 'area' as const)

describe("the page's chart", () => {
  test('says what the other surfaces say, on the same scale', () => {
    fc.assert(
      fc.property(anyValues, shapes, fc.option(fc.constant('req/s'), { nil: undefined }), (values, shape, unit) => {
        const points = values.map((_, at) => `p${at}`)
        const about = unit === undefined ? {} : { unit }
        const said = sayChart({ type: 'chart', title: 't', shape, points, series: [{ name: 's', values }], ...about })
        const known = values.map(page.measured)
        expect(page.sayRange(known, unit)).toBe(said.series[0]?.says)
        expect(page.scaleOf([known], shape)).toEqual(said.scale)
        for (const value of known) if (value !== undefined) expect(page.sayNumber(value)).toBe(sayNumber(value))
      }),
    )
  })

  test('stays inside its frame, whatever it is told', () => {
    fc.assert(
      fc.property(anyValues, shapes, (given, shape) => {
        const values = given.map(page.measured)
        const scale = page.scaleOf([values], shape)
        const { width, height } = page.SIZE
        for (const bar of page.barsOf(values, scale, 0, 1)) {
          if (!bar) continue
          expect(bar.y).toBeGreaterThanOrEqual(0)
          expect(bar.y + bar.height).toBeLessThanOrEqual(height)
          expect(bar.x + bar.width).toBeLessThanOrEqual(width)
        }
        if (shape === 'bar') return
        for (const { path } of page.lineOf(values, scale, shape)) {
          const numbers = path.match(/[\d.]+/g)?.map(Number) ?? []
          expect(numbers.every((one) => one >= 0 && one <= width)).toBe(true)
          expect(path).toMatch(/^M[\d. LVHZ]+$/)
        }
      }),
    )
  })

  test('a line has a gap where nothing was measured', () => {
    const values = [1, 2, undefined, 3, 4]
    expect(page.lineOf(values, page.scaleOf([values], 'line'), 'line')).toHaveLength(2)
  })
})
