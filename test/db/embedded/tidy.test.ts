import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tidy } from '../../../db/embedded/tidy.ts'
import type { Store } from '../../../db/store.ts'
import { housekeeping } from '../../../jobs/housekeeping.ts'
import { memoryStore } from '../../_harness/store.ts'

const TABLE = 'quarterdeck.meta'
const ROWS = 400

let store: Store
let pglite: PGlite
beforeAll(async () => {
  store = await memoryStore()
  if (!store.pglite) throw new Error('an embedded store has its engine')
  pglite = store.pglite
  await pglite.exec(`insert into ${TABLE} (key, value) select 'tidy-' || n, '0' from generate_series(1, ${ROWS}) n`)
})
afterAll(() => store.close())

const wear = async () => {
  for (let round = 0; round < 5; round++) await pglite.exec(`update ${TABLE} set value = to_jsonb(clock_timestamp())`)
}

async function standing() {
  await pglite.query('select pg_stat_force_next_flush()')
  const { rows } = await pglite.query<{ live: number; dead: number; bytes: number }>(
    `select n_live_tup::int as live, n_dead_tup::int as dead, pg_relation_size(relid)::int as bytes
     from pg_stat_user_tables where schemaname || '.' || relname = $1`,
    [TABLE],
  )
  const [row] = rows
  if (!row) throw new Error(`${TABLE} has no statistics`)
  return row
}

test('the clock tidies the embedded store: dead rows go, their place is used again, nothing else changes', async () => {
  await wear()
  const worn = await standing()
  expect(worn.dead).toBeGreaterThan(ROWS)
  const schedule = housekeeping(store, join(tmpdir(), 'unused')).schedules.find(({ name }) => name === 'tidy the store')
  await schedule?.run()
  const tidied = await standing()
  expect(tidied.dead).toBe(0)
  expect(tidied.live).toBeGreaterThanOrEqual(ROWS)
  await pglite.exec(`update ${TABLE} set value = to_jsonb(clock_timestamp())`)
  expect((await standing()).bytes).toBe(worn.bytes)
})

test('a store that is tidy is left alone, and the next look finds nothing', async () => {
  await tidy(pglite)
  expect(await tidy(pglite)).toEqual([])
})

test('it waits for a transaction that is open, and neither breaks the other', async () => {
  await wear()
  let during: Promise<readonly string[]> | undefined
  await store.transaction(async (tx) => {
    during = tidy(pglite)
    await tx.execute(sql`update quarterdeck.meta set value = '"said inside"' where key = 'tidy-1'`)
  })
  expect(await during).toEqual([TABLE])
  const { rows } = await pglite.query(`select value from ${TABLE} where key = 'tidy-1'`)
  expect(rows).toEqual([{ value: 'said inside' }])
})
