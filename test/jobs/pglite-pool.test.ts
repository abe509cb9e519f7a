import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { PglitePool } from '../../jobs/backends/pglite-pool.ts'

let pglite: PGlite
let pool: PglitePool

beforeAll(async () => {
  pglite = await PGlite.create()
  pool = new PglitePool(pglite)
})
beforeEach(() => pglite.exec('drop table if exists seen; create table seen (what text)'))
afterAll(() => pglite.close())

const seen = async () =>
  (await pglite.query<{ what: string }>('select what from seen order by what')).rows.map((row) => row.what)

test('a query of somebody else never runs inside a transaction of ours, nor ours in theirs', async () => {
  const client = await pool.connect()
  await client.query('BEGIN')
  const elsewhere = pool.query('insert into seen values ($1)', ['elsewhere'])
  await client.query('insert into seen values ($1)', ['ours'])
  await client.query('ROLLBACK')
  await elsewhere
  expect(await seen()).toEqual(['elsewhere'])

  const theirs = pglite.transaction(async (tx) => {
    const ours = pool.query('insert into seen values ($1)', ['kept'])
    await tx.query('insert into seen values ($1)', ['theirs'])
    await tx.rollback()
    return { ours }
  })
  await (await theirs).ours
  expect(await seen()).toEqual(['elsewhere', 'kept'])
})

test('a client released in the middle of a transaction rolls back and lets the others go on', async () => {
  const client = await pool.connect()
  await client.query('BEGIN')
  await client.query("insert into seen values ('lost')")
  client.release()
  expect(await seen()).toEqual([])
})

test('a failed statement fails the transaction, not the session', async () => {
  const client = await pool.connect()
  await client.query('BEGIN')
  await expect(client.query('select * from nowhere')).rejects.toThrow('nowhere')
  await client.query('ROLLBACK')
  await client.query('BEGIN')
  await client.query("insert into seen values ('after')")
  await client.query('COMMIT')
  expect(await seen()).toEqual(['after'])
})

test('LISTEN is found behind comments, and each client hears what it asked for until it is released', async () => {
  const client = await pool.connect()
  const heard: string[] = []
  const once = new Promise<void>((resolve) => {
    client.on('notification', ({ channel, payload }) => {
      heard.push(`${channel}:${payload}`)
      resolve()
    })
  })
  await client.query('-- tells of jobs\n/* and more */ LISTEN bullmq_jobs;')
  await client.query('listen bullmq_jobs')
  await pool.query("select pg_notify('bullmq_jobs', 'one')")
  await once
  client.release()
  await pool.query("select pg_notify('bullmq_jobs', 'two')")
  expect(heard).toEqual(['bullmq_jobs:one'])
})
