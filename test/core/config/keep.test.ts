import { expect, test } from 'vitest'
import { configFrom } from '../../../core/config.ts'

const PLACE = { environments: { staging: { namespace: 'shop' } } }
const DAY_MS = 86_400_000

test('conversations are kept for ninety days, or for as long as somebody says, a week at least', () => {
  expect(configFrom(PLACE).keepMs).toBe(90 * DAY_MS)
  expect(configFrom({ ...PLACE, keep: '52w' }).keepMs).toBe(364 * DAY_MS)
  for (const keep of ['6d', 'for ever', 90])
    expect(() => configFrom({ ...PLACE, keep })).toThrow(/keep is .*7d or more/)
})
