import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { UpstreamError } from '../../core/errors.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { backup } from '../../db/commands/backup.ts'
import { readMeta, writeMeta } from '../../db/meta.ts'
import { migrate, readMigrations } from '../../db/migrate.ts'
import { notify, openStore, type Transaction } from '../../db/store.ts'
import { beginReading } from '../../db/transfer/tables.ts'
import { relayTo } from '../_harness/relay.ts'
import { soon } from '../_harness/soon.ts'
import { describeOnStores, privateDatabase, TEST_POSTGRES } from '../_harness/store.ts'

if (!TEST_POSTGRES)
  console.warn('SKIPPED (QUARTERDECK_TEST_POSTGRES is not set): a PostgreSQL that goes away and comes back')
describe.skipIf(!TEST_POSTGRES)('a PostgreSQL that goes away and comes back', () => {
  test('is said as such, for reads and writes; the store and its hints go on by themselves', async () => {
    const { url, drop } = await privateDatabase()
    const relay = await relayTo(url)
    const store = await openStore({ backend: 'postgres', url: relay.url, poolSize: 3 }, silentLogger)
    const heard: string[] = []
    await store.listen('probe', (payload) => heard.push(payload))
    await writeMeta(store.db, 'before', 1)

    relay.cut()
    for (const attempt of [
      () => readMeta(store.db, 'before'),
      () => store.transaction((tx) => writeMeta(tx, 'during', 1)),
    ]) {
      const failure = await attempt().catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(UpstreamError)
      expect(failure).toMatchObject({ service: 'database', retryable: true })
      expect(String(failure)).toMatch(/The database does not answer \(.*\)\. Nothing was stored\./)
    }

    await relay.mend()
    expect(await readMeta(store.db, 'before')).toBe(1)
    expect(await readMeta(store.db, 'during')).toBeUndefined()
    // Hints sent while the listener is away are lost: asked again until it is back.
    const hint = () => store.transaction((tx) => notify(tx, 'probe', 'back')).then(() => heard.includes('back'))
    await expect.poll(hint).toBe(true)
    await store.close()
    await relay.close()
    await drop()
  })

  test('takes nobody with it who is between two statements', async () => {
    const { url, drop } = await privateDatabase()
    const relay = await relayTo(url)
    const store = await openStore({ backend: 'postgres', url: relay.url, poolSize: 3 }, silentLogger)
    const failure = await store
      .transaction(async (tx) => {
        await writeMeta(tx, 'begun', 1)
        relay.cut()
        // The break is heard while nothing is asked: without a hearer it would be an uncaught error.
        await pause(200)
        await writeMeta(tx, 'half', 1)
      })
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ service: 'database', retryable: true })
    await relay.mend()
    expect(await readMeta(store.db, 'begun')).toBeUndefined()
    await store.close()
    await relay.close()
    await drop()
  })

  test('keeps nobody waiting who never says goodbye', async () => {
    const { url, drop } = await privateDatabase()
    const relay = await relayTo(url)
    const store = await openStore(
      { backend: 'postgres', url: relay.url, poolSize: 1, silenceMs: 500, connectTimeoutMs: 1_000 },
      silentLogger,
    )
    await writeMeta(store.db, 'before', 1)
    let missed = 0
    await store.listen(
      'probe',
      () => undefined,
      () => {
        missed += 1
      },
    )
    await relay.suffer({ is: 'silent' })
    for (const attempt of [
      () => readMeta(store.db, 'before'),
      // It cannot even begin: the one connection ended, and a new one is not answered.
      () => store.transaction((tx) => writeMeta(tx, 'during', 1)),
    ]) {
      const failure = await Promise.race([attempt().catch((error: unknown) => error), pause(10_000, 'still waiting')])
      expect(failure).toMatchObject({ service: 'database', retryable: true })
    }
    await relay.mend()
    expect(await readMeta(store.db, 'before')).toBe(1)
    // Who only listens noticed, too.
    await soon(() => expect(missed).toBeGreaterThan(0))
    await store.close()
    await relay.close()
    await drop()
  })

  test('has its connection back where it went away as a transaction began', async () => {
    const { url, drop } = await privateDatabase()
    const relay = await relayTo(url)
    const store = await openStore(
      { backend: 'postgres', url: relay.url, poolSize: 1, silenceMs: 500, connectTimeoutMs: 5_000 },
      silentLogger,
    )
    await writeMeta(store.db, 'before', 1)
    await relay.suffer({ is: 'silent' })
    const failure = await store.transaction((tx) => writeMeta(tx, 'during', 1)).catch((error: unknown) => error)
    expect(failure).toMatchObject({ service: 'database', retryable: true })
    await relay.mend()
    await store.transaction((tx) => writeMeta(tx, 'after', 1))
    expect(await readMeta(store.db, 'during')).toBeUndefined()
    await store.close()
    await relay.close()
    await drop()
  })

  test('that became a standby is said as such, and its connections are not asked again', async () => {
    const { url, drop } = await privateDatabase()
    const takesWrites = async (is: 'on' | 'off') => {
      const name = new URL(url).pathname.slice(1)
      const admin = new pg.Client({ connectionString: TEST_POSTGRES })
      await admin.connect()
      await admin.query(`alter database ${name} set default_transaction_read_only = ${is === 'on' ? 'off' : 'on'}`)
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and $2', [
        name,
        is === 'off',
      ])
      await admin.end()
    }
    const store = await openStore({ backend: 'postgres', url, poolSize: 1 }, silentLogger)
    await takesWrites('off')
    const failure = await soon(async () => {
      const said = await store.transaction((tx) => writeMeta(tx, 'during', 1)).catch((error: unknown) => error)
      expect(String(said)).toContain('25006')
      return said
    })
    expect(failure).toBeInstanceOf(UpstreamError)
    expect(String(failure)).toMatch(/takes no writes, as a standby does.*Nothing was stored/)
    // From now on who connects anew finds a primary; the old connections stay as they are.
    await takesWrites('on')
    await store.transaction((tx) => writeMeta(tx, 'after', 1))
    expect(await readMeta(store.db, 'after')).toBe(1)
    await store.close()
    await drop()
  })

  test('is not thought gone while it upgrades, or reads for a backup', async () => {
    const { url, drop } = await privateDatabase()
    const options = { backend: 'postgres', url, poolSize: 2, silenceMs: 300 } as const
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-slow-'))
    const holder = new pg.Client({ connectionString: url })
    await holder.connect()
    /** Holds something up until it has waited for longer than a connection may be silent. */
    const holdUp = async <T>(hold: string, work: () => Promise<T>): Promise<T> => {
      await holder.query(`begin; ${hold}`)
      const working = work()
      working.catch(() => undefined)
      await soon(async () => {
        const { rows } = await holder.query('select 1 from pg_locks where not granted')
        expect(rows.length).toBeGreaterThan(0)
      })
      await pause(1_000)
      await holder.query('rollback')
      return working
    }
    // The number of db/migrate.ts.
    const store = await holdUp('select pg_advisory_xact_lock(7102026001)', () => openStore(options, silentLogger))
    await store.close()
    const says = await holdUp('lock table quarterdeck.audit in access exclusive mode', () =>
      backup(options, silentLogger, join(folder, 'slow.backup.gz')),
    )
    expect(says).toMatch(/^Backed up /)
    await holder.end()
    await rm(folder, { recursive: true })
    await drop()
  })

  test('is one sentence at start', async () => {
    const failure = await openStore(
      { backend: 'postgres', url: 'postgres://q:hunter2@127.0.0.1:1/q' },
      silentLogger,
    ).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UpstreamError)
    expect(String(failure)).toMatch(/does not answer \(ECONNREFUSED\): check store\.url/)
  })
})

describeOnStores('a transaction that upgrades, or reads everything,', (store) => {
  test('takes as long as it takes', async () => {
    const longest = (tx: Transaction) => tx.execute(sql`select current_setting('statement_timeout') as ms`)
    const migrating = await store().transaction(async (tx) => {
      await tx.execute(sql`set local statement_timeout = 60000`)
      await migrate(tx, await readMigrations())
      return longest(tx)
    })
    const reading = await store().transaction(async (tx) => {
      await beginReading(tx)
      return longest(tx)
    })
    expect([...migrating.rows, ...reading.rows]).toEqual([{ ms: '0' }, { ms: '0' }])
  })
})

describeOnStores('a transaction', (store) => {
  test('that the database asks to run again is run again', async () => {
    let runs = 0
    await store().transaction(async (tx) => {
      runs += 1
      await writeMeta(tx, 'runs', runs)
      if (runs < 3) await tx.execute(sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`)
    })
    expect(runs).toBe(3)
    expect(await readMeta(store().db, 'runs')).toBe(3)
  })

  test('that never succeeds gives up and says why', async () => {
    const always = store().transaction((tx) =>
      tx.execute(sql`do $$ begin raise exception 'always' using errcode = '40P01'; end $$`),
    )
    await expect(always).rejects.toThrow(/always/)
  })

  test('refuses a hint that PostgreSQL would refuse', async () => {
    const long = store().transaction((tx) => notify(tx, 'probe', 'ü'.repeat(4_000)))
    await expect(long).rejects.toThrow(/longer than 7900 bytes; send an id instead/)
  })
})
