import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { UpstreamError } from '../../core/errors.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { readMeta, writeMeta } from '../../db/meta.ts'
import { notify, openStore } from '../../db/store.ts'
import { relayTo } from '../_harness/relay.ts'
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
    await store.close()
    await relay.close()
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
