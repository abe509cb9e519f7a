import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeliveryId, OperationId } from '../../core/ids.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { deliveryByKey } from '../../db/deliveries.ts'
import { markPosting, markSent } from '../../db/due-deliveries.ts'
import { moveOperations } from '../../db/moves.ts'
import { deliveries } from '../../db/schema/deliveries.ts'
import { openStore, type Store } from '../../db/store.ts'
import { privateDatabase, TEST_POSTGRES } from '../_harness/store.ts'
import { Bridge } from '../operations/bridge.ts'

if (!TEST_POSTGRES)
  console.warn('SKIPPED (QUARTERDECK_TEST_POSTGRES is not set): cards that are published while they are sent')
describe.skipIf(!TEST_POSTGRES)('cards that are published while they are sent', () => {
  let store: Store
  let drop: () => Promise<void>
  let bridge: Bridge
  let low: OperationId
  let high: OperationId

  beforeAll(async () => {
    const database = await privateDatabase()
    drop = database.drop
    store = await openStore({ backend: 'postgres', url: database.url, poolSize: 4 }, silentLogger)
    bridge = new Bridge(store)
    const ids = [await bridge.dial('mira', 'lo-a', 'dev', 3), await bridge.dial('mira', 'lo-b', 'dev', 3)].sort()
    const [first, second] = ids
    if (!first || !second) throw new Error('there are two')
    low = first
    high = second
  })
  afterAll(async () => {
    await store.close()
    await drop()
  })

  const cardOf = async (id: OperationId) => {
    const row = await deliveryByKey(store.db, `operation:${id}`)
    if (!row) throw new Error(`no card of ${id}`)
    return row
  }
  const touch = (tx: Pick<Store['db'], 'update'>, id: DeliveryId) =>
    tx.update(deliveries).set({ attempts: 0 }).where(eq(deliveries.id, id))

  /** Holds the first of two cards, lets `work` on both run into that, and takes the second: fails when `work` has it already. */
  async function crossing(work: () => Promise<unknown>): Promise<void> {
    const [first, second] = [await cardOf(low), await cardOf(high)]
    let working: Promise<unknown> = Promise.resolve()
    await store.db.transaction(async (tx) => {
      await touch(tx, first.id)
      working = work()
      const waits = sql`select 1 from pg_locks where not granted`
      await expect.poll(async () => (await store.db.execute(waits)).rows.length).toBeGreaterThan(0)
      await touch(tx, second.id)
    })
    await working
  }

  test.each(['sent', 'posting'] as const)('are marked as %s in the order in which they are published', async (mark) => {
    const [first, second] = [await cardOf(low), await cardOf(high)]
    const sent = [second, first].map(({ id, revision }) => ({ id, revision, ref: 'r' }))
    const ids = sent.map(({ id }) => id)
    await crossing(() => (mark === 'sent' ? markSent(store.db, sent) : markPosting(store.db, ids)))
    expect([await cardOf(low), await cardOf(high)]).toMatchObject(
      mark === 'sent' ? [{ ref: 'r' }, { ref: 'r' }] : [{ attempts: 1 }, { attempts: 1 }],
    )
  })

  test('are published in that order, whatever order they come in', async () => {
    const moves = await Promise.all(
      [high, low].map(async (id) => {
        const before = await bridge.operation(id)
        const { card } = await cardOf(id)
        const { requestId, threadId } = before
        const now = bridge.now
        const publication = { operationId: id, requestId, threadId, told: [], outbox: [], card, final: false, now }
        return { before, patch: { ...before, says: 'moved' }, publication }
      }),
    )
    await crossing(() => moveOperations(store.db, moves))
    expect((await bridge.operation(high)).says).toBe('moved')
  })
})
