import { expect, test } from 'vitest'
import { newestFirst } from '../../../clients/registry/version-order.ts'

test('order by semantic version', () => {
  expect(
    newestFirst(['1.9.0', '1.10.0', 'v2.0.0-rc.2', '2.0.0', '2.0.0-rc.10', 'latest', '1.10', '0.1.0+build']),
  ).toEqual(['2.0.0', '2.0.0-rc.10', 'v2.0.0-rc.2', '1.10.0', '1.10', '1.9.0', '0.1.0+build', 'latest'])
})

test('build numbers are numbers: the hundredth comes before the ninety-ninth', () => {
  const builds = Array.from({ length: 100 }, (_, at) => String(at + 1))
  expect(newestFirst(builds).slice(0, 2)).toEqual(['100', '99'])
  expect(newestFirst(['build-9', 'build-10', '1.0.0', 'main'])).toEqual(['1.0.0', 'main', 'build-10', 'build-9'])
})
