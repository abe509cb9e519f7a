import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SimulatedClock } from '../../sandbox/clock.ts'

describe('a clock driven by hand', () => {
  it('runs everything due in order, each at its own instant, also what is added on the way', () => {
    const clock = new SimulatedClock({ startAtMs: 1000 })
    const seen: string[] = []
    const note = (name: string) => () => seen.push(`${name}@${clock.now()}`)
    clock.after(300, note('c'))
    clock.after(100, note('a'))
    clock.after(100, () => clock.after(50, note('inner')))
    clock.after(200, note('never')).cancel()
    const every = clock.every(200, note('tick'))
    clock.advance(250)
    expect(seen).toEqual(['a@1100', 'inner@1150', 'tick@1200'])
    clock.advance(750)
    every.cancel()
    clock.advance(1000)
    expect(seen).toEqual([
      'a@1100',
      'inner@1150',
      'tick@1200',
      'c@1300',
      'tick@1400',
      'tick@1600',
      'tick@1800',
      'tick@2000',
    ])
    expect(clock.now()).toBe(3000)
  })

  it('skips over a jump and never goes back', () => {
    const clock = new SimulatedClock({ startAtMs: 0 })
    let runs = 0
    clock.every(1000, () => runs++)
    clock.jumpTo(100_000)
    clock.jumpTo(50)
    clock.advance(0)
    expect(clock.now()).toBe(100_000)
    expect(runs).toBe(1)
  })
})

describe('a clock that goes with real time', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('goes at its speed, changes it, pauses and goes on', () => {
    const clock = new SimulatedClock({ startAtMs: 0 })
    const seen: number[] = []
    clock.every(60_000, () => seen.push(clock.now()))
    clock.run(60)
    vi.advanceTimersByTime(2000)
    expect(seen).toEqual([60_000, 120_000])
    clock.pause()
    vi.advanceTimersByTime(5000)
    expect(clock.now()).toBe(120_000)
    clock.resume()
    clock.setSpeed(1)
    vi.advanceTimersByTime(30_000)
    expect(clock.now()).toBeCloseTo(150_000, -2)
    clock.stop()
    expect(() => clock.setSpeed(0)).toThrow(RangeError)
  })

  it('goes on after a timer that throws', () => {
    const errors: unknown[] = []
    const clock = new SimulatedClock({ startAtMs: 0, onError: (error) => errors.push(error) })
    let after = false
    clock.after(10, () => {
      throw new Error('bug')
    })
    clock.after(20, () => {
      after = true
    })
    clock.run()
    vi.advanceTimersByTime(100)
    clock.stop()
    expect(errors).toHaveLength(1)
    expect(after).toBe(true)
  })
})
