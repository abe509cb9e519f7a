import { describe, expect, test } from 'vitest'
import { frozenUntil } from '../../operations/gate/freezes.ts'

describe('freezes', () => {
  const weekend = {
    name: 'weekend',
    environments: ['*'],
    timezone: 'Europe/Berlin',
    weekly: { from: 'Fri 18:00', to: 'Mon 07:00' },
    because: 'rest',
  }
  test.each([
    ['2026-11-20T16:59:59Z', undefined],
    ['2026-11-20T17:00:00Z', '2026-11-23T06:00:00.000Z'],
    ['2026-11-22T23:30:00Z', '2026-11-23T06:00:00.000Z'],
    ['2026-11-23T05:59:59Z', '2026-11-23T06:00:00.000Z'],
    ['2026-11-23T06:00:00Z', undefined],
    // Summer time ends on Sunday 25 October 2026: the wall clock counts.
    ['2026-10-23T16:00:00Z', '2026-10-26T06:00:00.000Z'],
    ['2026-10-23T15:59:00Z', undefined],
    // It begins on Sunday 28 March 2027.
    ['2027-03-28T00:30:00Z', '2027-03-29T05:00:00.000Z'],
  ])('weekly over the week’s end at %s: %s', (at, until) => {
    expect(frozenUntil(weekend, new Date(at))?.toISOString()).toBe(until)
  })

  test('a span is local time in its zone, its end not part of it', () => {
    const span = {
      ...weekend,
      weekly: undefined,
      timezone: 'America/New_York',
      span: { from: '2026-12-24T12:00', to: '2026-12-26T00:00' },
    }
    expect(frozenUntil(span, new Date('2026-12-24T16:59:59Z'))).toBeUndefined()
    expect(frozenUntil(span, new Date('2026-12-24T17:00:00Z'))?.toISOString()).toBe('2026-12-26T05:00:00.000Z')
    expect(frozenUntil(span, new Date('2026-12-26T05:00:00Z'))).toBeUndefined()
  })
})
