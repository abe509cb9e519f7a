import { expect, test } from 'vitest'
import { retryAfterMs } from '../../clients/trouble.ts'

test('Retry-After in seconds or as a date, and never so long that it is no date of ours', () => {
  const now = new Date('2026-11-21T12:00:00Z')
  expect(retryAfterMs(undefined, now)).toBeUndefined()
  expect(retryAfterMs('soon', now)).toBeUndefined()
  expect(retryAfterMs(' 90 ', now)).toBe(90_000)
  expect(retryAfterMs('Sat, 21 Nov 2026 12:00:05 GMT', now)).toBe(5_000)
  expect(retryAfterMs('Sat, 21 Nov 2026 11:00:00 GMT', now)).toBe(0)
  for (const endless of ['99999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])
    expect(retryAfterMs(endless, now)).toBe(86_400_000)
})
