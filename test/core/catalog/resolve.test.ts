import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildCatalog } from '../../../core/catalog/build.ts'
import { editDistance } from '../../../core/catalog/distance.ts'
import {
  matchEnvironments,
  matchServices,
  nearestEnvironments,
  nearestServices,
} from '../../../core/catalog/resolve.ts'
import { loadConfig } from '../../../core/config.ts'

const config = loadConfig({ file: 'quarterdeck.yaml', env: {} })
const catalog = buildCatalog(config, [])
const services = (text: string) => matchServices(catalog, text).map(({ value, distance }) => [value.name, distance])
const environments = (text: string) =>
  matchEnvironments(catalog, text).map(({ value, distance }) => [value.name, distance])

describe('what a word means', () => {
  test('a name or an alias, in any case, is the thing itself', () => {
    expect(services('checkout')[0]).toEqual(['checkout', 0])
    expect(services('  KASSE ')).toEqual([['checkout', 0]])
    expect(services('Billing_API')[0]).toEqual(['payments', 0])
    expect(environments('prod')[0]).toEqual(['production', 0])
  })

  test('a slip of the finger bends, further than two does not', () => {
    expect(services('chekout')[0]).toEqual(['checkout', 1])
    expect(services('chekcout')[0]).toEqual(['checkout', 1]) // a swap is one
    expect(services('chkut')).toEqual([])
    expect(environments('stagign')[0]).toEqual(['staging', 1])
    expect(environments('prodution')[0]).toEqual(['production', 1])
  })

  test('a short word bends by one at most', () => {
    expect(services('crt').map(([name]) => name)).toContain('cart')
    expect(services('zz')).toEqual([])
    expect(environments('qa')).toEqual([])
  })

  test('a word that means nothing is answered with what is near', () => {
    expect(nearestServices(catalog, 'rec', 2)).toEqual(['recommendations'])
    expect(nearestServices(catalog, 'chekot', 3)[0]).toBe('checkout')
    expect(nearestEnvironments(catalog, 'producktion', 1)).toEqual(['production'])
    expect(nearestServices(catalog, '', 3)).toHaveLength(0)
  })

  test('any text is answered, in order', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 140, unit: 'binary' }), (text) => {
        const distances = matchServices(catalog, text).map(({ distance }) => distance)
        expect(distances).toEqual([...distances].sort((a, b) => a - b))
        expect(Math.max(0, ...distances)).toBeLessThanOrEqual(2)
        nearestServices(catalog, text, 3)
      }),
    )
    // The work grows with the square of a word's length, so a word that no name can be is not looked at.
    expect(matchServices(catalog, 'checkout'.repeat(20_000))).toEqual([])
    expect(nearestServices(catalog, 'x'.repeat(100_000), 3)).toEqual([])
  })
})

test('the edit distance is a distance, and stopping early does not change a small one', () => {
  const word = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(word, word, fc.nat(6), (a, b, most) => {
      const distance = editDistance(a, b)
      expect(distance).toBe(editDistance(b, a))
      expect(distance === 0).toBe(a === b)
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
      expect(editDistance(a, b, most)).toBe(Math.min(distance, most + 1))
    }),
    { numRuns: 2_000 },
  )
  expect(editDistance('ca', 'abc')).toBe(3) // optimal string alignment, not the unrestricted form
  expect(editDistance('abcd', 'abdc')).toBe(1)
})

describe('the catalog', () => {
  const learned = (name: string, environment: string, workload = name) => ({
    name,
    environment,
    workload,
    repository: null,
  })

  test('learns what the cluster runs, and believes the file before the cluster', () => {
    const wider = buildCatalog(config, [learned('ledger', 'staging'), learned('ledger', 'dev'), learned('cart', 'dev')])
    expect(wider.service('ledger')).toMatchObject({ source: 'cluster', environments: ['dev', 'staging'] })
    expect(wider.service('cart')).toMatchObject({ source: 'config', team: 'storefront' })
    expect(wider.version).not.toBe(catalog.version)
    expect(buildCatalog(config, []).version).toBe(catalog.version)
  })

  test('a Deployment that a service names as its own is no second service', () => {
    const services = config.services.map((service) =>
      service.name === 'cart' ? { ...service, workload: 'cart-v2' } : service,
    )
    expect(buildCatalog({ ...config, services }, [learned('cart-v2', 'dev')]).service('cart-v2')).toBeUndefined()
  })

  test('what the file leaves open, Backstage fills in', () => {
    const [web] = config.services
    if (!web) throw new Error('no services')
    const bare = { ...web, name: 'site', team: undefined, dependsOn: [], workload: 'site' }
    const components = [
      { ...bare, team: 'growth', dependsOn: ['cart'], workload: 'site-web', source: 'backstage' as const },
    ]
    expect(buildCatalog({ ...config, services: [bare], components }, []).service('site')).toMatchObject({
      team: 'growth',
      dependsOn: ['cart'],
      workload: 'site-web',
      source: 'config',
    })
  })
})
