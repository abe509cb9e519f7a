import { describe, expect, it } from 'vitest'
import { stepMs, TimeSeries } from '../../../sandbox/metrics/time-series.ts'

const hourSteps = 240

describe('a time series', () => {
  it('keeps two hours as scraped and computes older samples from coarser knots', () => {
    const series = new TimeSeries({}, 'counter')
    for (let step = 0; step <= 30 * hourSteps; step++) series.append(step, step * 3)
    const last = 30 * hourSteps
    expect(series.at(last)).toBe(last * 3)
    expect(series.at(last - 100)).toBe((last - 100) * 3)
    // A line is a line at every resolution.
    expect(series.at(10 * hourSteps + 7)).toBeCloseTo((10 * hourSteps + 7) * 3)
    expect(series.at(hourSteps + 7)).toBeCloseTo((hourSteps + 7) * 3)
    const day = series.range((last - 24 * hourSteps) * stepMs, last * stepMs)
    expect(day).toHaveLength(24 * hourSteps)
    expect(day.every((sample, index) => index === 0 || sample.value > (day[index - 1]?.value ?? 0))).toBe(true)
  })

  it('joins a filled-in past to the first scrapes without a jump', () => {
    const series = new TimeSeries({}, 'counter')
    for (let step = 0; step <= 400; step += 40) series.append(step, step, true)
    for (let step = 430; step < 500; step++) series.append(step, step)
    for (let step = 0; step < 500; step++) expect(series.at(step), `step ${step}`).toBeCloseTo(step)
  })

  it('shows a restart of a counter as one, not as many', () => {
    const series = new TimeSeries({}, 'counter')
    series.append(0, 1000, true)
    series.append(40, 10, true)
    series.append(80, 20, true)
    const values = series.range(-1, 80 * stepMs).map((sample) => sample.value)
    const resets = values.filter((value, index) => index > 0 && value < (values[index - 1] ?? 0))
    expect(resets).toEqual([10])
  })

  it('holds a state between knots', () => {
    const series = new TimeSeries({}, 'state')
    series.append(0, 3, true)
    series.append(40, 5, true)
    expect([series.at(39), series.at(40)]).toEqual([3, 5])
  })
})
