import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silentLogger } from '../../core/ports/logger.ts'
import type { Transaction } from '../../db/database.ts'
import { operationForUpdate, updateOperation } from '../../db/operations.ts'
import { openStore, type Store } from '../../db/store.ts'
import { privateDatabase, TEST_POSTGRES } from '../_harness/store.ts'
import { Bridge } from './bridge.ts'

if (!TEST_POSTGRES) console.warn('SKIPPED (QUARTERDECK_TEST_POSTGRES is not set): cards that two write at once')
describe.skipIf(!TEST_POSTGRES)('cards that two write at once', () => {
  let store: Store
  let drop: () => Promise<void>
  beforeAll(async () => {
    const database = await privateDatabase()
    drop = database.drop
    store = await openStore({ backend: 'postgres', url: database.url, poolSize: 5 }, silentLogger)
  })
  afterAll(async () => {
    await store.close()
    await drop()
  })

  /** Until that work waits for a lock of ours, or is over without. */
  async function meetsUs(work: Promise<unknown>): Promise<void> {
    let over = false
    const end = () => {
      over = true
    }
    work.then(end, end)
    const waits = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    await expect.poll(async () => over || (await store.db.execute(waits)).rows.length > 0).toBe(true)
  }
  const take = (tx: Transaction, key: string) =>
    tx.execute(sql`select 1 from quarterdeck.deliveries where key = ${key} for no key update nowait`)

  test('are taken in the order of their keys, the messages beside the card too', async () => {
    const bridge = new Bridge(store)
    const input = { service: 'cl-a', environment: 'production', value: 3 }
    const at = { surface: 'slack', surfaceKey: 'T1:C1:1.1' } as const
    const id = await bridge.propose('mira', 'dial', input, { by: 'model', at })
    await bridge.click('mira', id, 'go')
    const [asked, own] = [`asked-1:${id}`, `operation:${id}`]
    let click: Promise<unknown> = Promise.resolve()
    await store.db.transaction(async (tx) => {
      await take(tx, asked)
      click = bridge.click('jonas', id, 'approve')
      await meetsUs(click)
      await take(tx, own)
    })
    expect(await click).toMatchObject({ ok: true })
  })

  test('are taken in that order also where the end of one is written on the card of another', async () => {
    const bridge = new Bridge(store)
    const id = await bridge.dial('mira', 'cl-c', 'dev', 3)
    await bridge.work(id)
    const later = async () => {
      for (;;) {
        const input = { service: 'cl-c', environment: 'production', value: 5 }
        const other = await bridge.propose('mira', 'dial', input)
        if (other > id) return other
      }
    }
    const undo = await later()
    await updateOperation(store.db, undo, { undoes: id }, { at: bridge.now })
    await updateOperation(store.db, id, { undoneBy: undo }, { at: bridge.now })
    let click: Promise<unknown> = Promise.resolve()
    await store.db.transaction(async (tx) => {
      await take(tx, `operation:${id}`)
      click = bridge.click('mira', undo, 'cancel')
      await meetsUs(click)
      await take(tx, `operation:${undo}`)
    })
    expect(await click).toMatchObject({ ok: true })
  })

  test('the card of what was taken back is written as it stands, not as it was read', async () => {
    const bridge = new Bridge(store)
    const id = await bridge.dial('mira', 'cl-b', 'dev', 3)
    await bridge.work(id)
    const undo = await bridge.propose('mira', 'dial', { service: 'cl-b', environment: 'production', value: 5 })
    await updateOperation(store.db, undo, { undoes: id }, { at: bridge.now })
    await updateOperation(store.db, id, { undoneBy: undo }, { at: bridge.now })
    let click: Promise<unknown> = Promise.resolve()
    await store.db.transaction(async (tx) => {
      await operationForUpdate(tx, id)
      click = bridge.click('mira', undo, 'cancel')
      await meetsUs(click)
      await updateOperation(tx, id, { says: 'Said meanwhile.' }, { at: bridge.now })
    })
    expect(await click).toMatchObject({ ok: true })
    expect(JSON.stringify(await bridge.card(id))).toContain('Said meanwhile.')
  })
})
