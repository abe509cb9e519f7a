import { sql } from 'drizzle-orm'
import { expect, test, vi } from 'vitest'
import { configFrom } from '../../core/config.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { putLearnedServices } from '../../db/learned-services.ts'
import { createCatalogKeeper } from '../../jobs/learn-services.ts'
import { describeOnStores } from '../_harness/store.ts'

const DAY_MS = 86_400_000
const config = configFrom({ environments: { staging: { namespace: 'shop' }, dev: { namespace: 'dev' } } })
const service = (name: string, environment: string) => ({
  ...{ name, environment, namespace: 'shop', workload: name, repository: 'shop/it' },
})

describeOnStores('what the clusters run', (store) => {
  const keeper = (list: (environment: string) => Promise<ReturnType<typeof service>[]>) =>
    createCatalogKeeper({ store: store(), config, list, log: silentLogger })

  test('is kept of one that is away, though a machine’s clock is a year ahead; and forgotten in the end', async ({
    skip,
  }) => {
    skip(store().backend === 'pglite', 'the embedded store has no other clock')
    const ago = (days: number) => new Date(Date.now() - days * DAY_MS)
    await store().transaction((tx) => putLearnedServices(tx, [service('lately', 'dev')], ago(10)))
    await store().transaction((tx) => putLearnedServices(tx, [service('long-ago', 'dev')], ago(20)))
    const { learn, catalog } = await keeper(async (environment) => {
      if (environment === 'dev') throw new Error('away')
      return [service('cart', environment)]
    })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 365 * DAY_MS })
    await learn.run().finally(() => vi.useRealTimers())
    expect(catalog().services.map(({ name }) => name)).toEqual(['cart', 'lately'])
    const { rows } = await store().db.execute(
      sql`select name from quarterdeck.learned_services where seen_at > now() + interval '1 day'`,
    )
    expect(rows).toEqual([])
  })

  test('is written when it is new or another, and not each minute again', async () => {
    let seen = [service('same', 'staging'), service('moved', 'staging')]
    const { learn } = await keeper(async (environment) => (environment === 'staging' ? seen : []))
    const versions = async () => {
      const { rows } = await store().db.execute<{ name: string; version: string }>(
        sql`select name, xmin::text as version from quarterdeck.learned_services where name in ('same', 'moved')`,
      )
      return Object.fromEntries(rows.map(({ name, version }) => [name, version]))
    }
    await learn.run()
    const before = await versions()
    seen = [service('same', 'staging'), { ...service('moved', 'staging'), namespace: 'shop-2' }]
    await learn.run()
    const after = await versions()
    expect(after.same).toBe(before.same)
    expect(after.moved).not.toBe(before.moved)
  })
})
