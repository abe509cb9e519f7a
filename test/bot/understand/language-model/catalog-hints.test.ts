import { expect, test } from 'vitest'
import { catalogHints } from '../../../../bot/understand/language-model/catalog-hints.ts'
import type { Catalog } from '../../../../core/catalog/catalog.ts'
import { processorMs } from '../../../_harness/processor-time.ts'
import { shop } from '../shop.ts'

test('a prompt gets every environment, and of the services those near the words and how many there are', () => {
  expect(catalogHints(shop, 'bring kasse und recomendations nach prod')).toEqual({
    environments: 'dev, staging [stage, stg], production [prod, live]',
    services: 'checkout [co, kasse], recommendations [recs] (12 in all)',
  })
  expect(catalogHints(shop, 'danke!').services).toBe('none (12 in all)')
})

test('of five thousand services it takes a handful, in no time', () => {
  const base = shop.service('cart')
  if (!base) throw new Error('the shop has a cart')
  const kinds = ['api', 'worker', 'ledger', 'gateway', 'index', 'export', 'mailer', 'report']
  const services = Array.from({ length: 5_000 }, (_, at) => ({
    ...base,
    name: `${kinds[at % 8]}-${kinds[(at * 3) % 8]}-${at}`,
  }))
  const catalog: Catalog = { ...shop, services, service: (name) => services.find((one) => one.name === name) }
  catalogHints(catalog, 'the first look builds its index')
  const said = 'bitte exprot-mailer-2310 und ledgr in staging neu starten, die sind beide langsam geworden'
  expect(processorMs(() => catalogHints(catalog, said))).toBeLessThan(500)
  const hints = catalogHints(catalog, said)
  expect(hints.services).toContain('(5,000 in all)')
  expect(hints.services.split(', ').length).toBeLessThanOrEqual(13)
})
