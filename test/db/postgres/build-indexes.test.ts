import type pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLogger } from '../../../core/ports/logger.ts'
import { readMigrations } from '../../../db/migrate.ts'
import { openStore, type Store } from '../../../db/store.ts'
import { soon } from '../../_harness/soon.ts'
import { privateDatabase, TEST_POSTGRES } from '../../_harness/store.ts'
import { asked, writtenBy } from '../older-store.ts'

/** The last migration before one whose indexes are built while others write. */
const BEFORE = '0005_refused-cards'
const NEW = ['deliveries_touched_index', 'operations_targets_index', 'requests_unbound_index']

const VALID = `select class.relname as name from pg_index i join pg_class class on class.oid = i.indexrelid
  where class.relnamespace = 'quarterdeck'::regnamespace and i.indisvalid`
const validIn = async (client: pg.Client) => (await client.query<{ name: string }>(VALID)).rows.map(({ name }) => name)
const WRITE = `insert into quarterdeck.threads (id, surface, surface_key) values ('th-1', 'web', 'one')`
const SAID = (n: number) => `insert into quarterdeck.requests (id, surface, thread_id, text, key)
  values ('rq-${n}', 'web', 'th-1', 'x', 'k${n}')`

if (!TEST_POSTGRES) console.warn('SKIPPED (QUARTERDECK_TEST_POSTGRES is not set): indexes of a store that is in use')
describe.skipIf(!TEST_POSTGRES)('the new indexes of a store that is in use', () => {
  let url: string
  let drop: () => Promise<void>
  let stores: Store[]
  const open = async () => {
    const store = await openStore({ backend: 'postgres', url, poolSize: 2 }, silentLogger)
    stores.push(store)
  }

  beforeEach(async () => {
    const database = await privateDatabase()
    url = database.url
    drop = database.drop
    stores = []
    const migrations = await readMigrations()
    const last = migrations.findIndex(({ name }) => name === BEFORE)
    await writtenBy(migrations.slice(0, last + 1), url)
  })
  afterEach(async () => {
    for (const store of stores) await store.close()
    await drop()
  })

  test('are built while a process of the release before has a transaction open and others write', async () => {
    await asked(url, async (client) => {
      await client.query(WRITE)
      await client.query('begin')
      await client.query(SAID(1))
      await open()
      await open()
      // The build waits for the transaction that was there before it; nobody waits for the build.
      await asked(url, (other) => other.query(SAID(2)))
      await client.query('commit')
      await soon(async () => expect(await validIn(client)).toEqual(expect.arrayContaining(NEW)))
    })
  })

  test('are left to another process that builds them, and built anew where it was broken off', async () => {
    await asked(url, async (client) => {
      await open()
      await soon(async () => expect(await validIn(client)).toEqual(expect.arrayContaining(NEW)))
      // As a server that was killed in the middle leaves it.
      await client.query(`update pg_index set indisvalid = false
        where indexrelid = 'quarterdeck.requests_unbound_index'::regclass`)
      await open()
      await soon(async () => expect(await validIn(client)).toContain('requests_unbound_index'))
    })
  })

  test('do not keep a program from ending', async () => {
    await asked(url, async (client) => {
      await client.query(WRITE)
      await client.query('begin')
      await client.query(SAID(1))
      await open()
      for (const store of stores.splice(0)) await store.close()
      await client.query('commit')
      await open()
      await soon(async () => expect(await validIn(client)).toEqual(expect.arrayContaining(NEW)))
    })
  })
})
