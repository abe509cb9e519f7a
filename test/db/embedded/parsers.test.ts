import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../../db/store.ts'
import { memoryStore } from '../../_harness/store.ts'

let store: Store
beforeAll(async () => {
  store = await memoryStore()
})
afterAll(() => store.close())

test('no query carries parsers for arrays of whole rows along, of which there is one for every table', async () => {
  const { rows } = await store.db.execute<{ oid: number }>(
    sql`select typarray::int as oid from pg_type where typrelid <> 0 and typarray <> 0`,
  )
  const parsers = Object.keys(store.pglite?.parsers ?? {})
  expect(rows.length).toBeGreaterThan(200)
  expect(rows.filter(({ oid }) => parsers.includes(String(oid)))).toEqual([])
  expect(parsers.length).toBeGreaterThan(50)
})

test('what queries return is read as before', async () => {
  const question = `select array['a', 'b c'] as words, array[1, 2] as numbers, array[true] as flags, array['{"a":1}'::jsonb] as objects,
    '{"b":[2]}'::jsonb as object, true as flag, 3::bigint as big, '2026-11-22T09:00:00Z'::timestamptz as at`
  const { rows } = (await store.pglite?.query(question)) ?? { rows: [] }
  expect(rows).toEqual([
    {
      ...{ words: ['a', 'b c'], numbers: [1, 2], flags: [true], objects: [{ a: 1 }] },
      ...{ object: { b: [2] }, flag: true, big: 3, at: new Date('2026-11-22T09:00:00Z') },
    },
  ])
})
