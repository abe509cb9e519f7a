import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { memoryStore } from '../../_harness/store.ts'

test('a statement is prepared once, prepared anew when its columns changed, and kept when its caller was wrong', async () => {
  const { db, pglite, close } = await memoryStore()
  onTestFinished(close)
  if (!pglite) throw new Error('the embedded store has its engine')
  const read = async () => (await db.execute(sql`select * from quarterdeck.meta where key = ${'x'}`)).rows
  const add = () => db.execute(sql`insert into quarterdeck.meta (key, value) values (${'x'}, '{"a":1}')`)
  const prepared = async () => (await pglite.query('select 1 from pg_prepared_statements')).rows.length

  const before = await prepared()
  await add()
  expect([await read(), await read()]).toEqual(Array(2).fill([{ key: 'x', value: { a: 1 } }]))
  await expect(add()).rejects.toThrow(/duplicate key/)
  await expect(add()).rejects.toThrow(/duplicate key/)
  expect(await prepared()).toBe(before + 2)

  await pglite.exec('alter table quarterdeck.meta add column extra integer')
  await expect(read()).rejects.toThrow(/cached plan/)
  expect(await read()).toEqual([{ key: 'x', value: { a: 1 }, extra: null }])
})
