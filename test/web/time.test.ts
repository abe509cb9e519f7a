import { afterEach, expect, test, vi } from 'vitest'
import { day } from '../../web/src/time.ts'

afterEach(() => vi.unstubAllEnvs())

test('yesterday is the day before on the calendar, also after a night that was an hour short or long', () => {
  vi.stubEnv('TZ', 'Europe/Berlin')
  const after = (date: string) => new Date(`${date}T00:10:00`)
  expect(day('2026-03-29T10:00:00+02:00', after('2026-03-30'))).toBe('Yesterday')
  expect(day('2026-03-28T10:00:00+01:00', after('2026-03-30'))).not.toBe('Yesterday')
  expect(day('2026-10-25T10:00:00+01:00', new Date('2026-10-26T23:50:00'))).toBe('Yesterday')
  expect(day('2026-10-26T00:05:00+01:00', new Date('2026-10-26T23:50:00'))).toBe('Today')
})
