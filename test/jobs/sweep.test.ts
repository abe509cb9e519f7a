import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newOperationId } from '../../core/ids.ts'
import type { OperationState } from '../../core/states.ts'
import { claimForDispatch, giveBackUndispatched, markOutboxDone } from '../../db/dispatch.ts'
import type { Store } from '../../db/store.ts'
import { type SweepResult, sweep } from '../../db/sweep.ts'
import { PLACES, type Place } from './places.ts'
import { ask } from './work.ts'

let place: Place
let store: Store

beforeAll(async () => {
  const [embedded] = PLACES
  if (!embedded) throw new Error('The embedded place is always there.')
  place = await embedded.open()
  store = place.store
})
beforeEach(async () => {
  for (const table of ['outbox', 'operations', 'switches'])
    await store.db.execute(sql.raw(`delete from quarterdeck.${table}`))
})
afterAll(() => place.close())

const MINUTE = 60_000
const at = (fromNowMs: number) => new Date(Date.now() + fromNowMs)

function sweepAt(now: Date): Promise<SweepResult | undefined> {
  const forgetBefore = new Date(now.getTime() - 24 * 60 * MINUTE)
  return store.transaction((tx) => sweep(tx, { now, graceMs: 10_000, limit: 100, forgetBefore }))
}

/** An operation as it stands in the store; `leaseMs` from now, of the database's clock. */
async function operation(state: OperationState, more: { leaseMs?: number; wakeMs?: number } = {}) {
  const id = newOperationId()
  const lease = more.leaseMs === undefined ? null : more.leaseMs / 1000
  const wake = more.wakeMs === undefined ? null : at(more.wakeMs).toISOString()
  await store.db.execute(sql`
    insert into quarterdeck.operations
      (id, request_id, thread_id, person_id, said, read_by, confidence, skill, skill_version, state, lease_until, wake_at)
    values (${id}, 'rq-1', 'th-1', 'mira', 'restart cart', 'command', 1, 'restart', 1, ${state},
      clock_timestamp() + ${lease}::float8 * interval '1 second', ${wake}::timestamptz)`)
  return id
}

async function row(operationId: string, more: { dueMs?: number; ageMs?: number } = {}) {
  await store.db.execute(sql`
    insert into quarterdeck.outbox (kind, operation_id, payload, due_at, created_at)
    values ('advance', ${operationId}, '{}'::jsonb, ${at(more.dueMs ?? 0).toISOString()}::timestamptz,
      clock_timestamp() - ${(more.ageMs ?? 0) / 1000}::float8 * interval '1 second')`)
}

test('a row that was handed over and not done is taken back after the grace, not before', async () => {
  await ask(store, 3)
  const claimed = await claimForDispatch(store.db, 10, at(0))
  expect(claimed).toHaveLength(3)
  expect(await claimForDispatch(store.db, 10, at(0))).toEqual([])
  expect(await sweepAt(at(9_000))).toMatchObject({ overdue: 0 })
  await markOutboxDone(store.db, [claimed[0]?.id ?? 0], at(0))
  expect(await sweepAt(at(11_000))).toMatchObject({ overdue: 2 })
  expect(await claimForDispatch(store.db, 10, at(11_000))).toHaveLength(2)
})

test('the pause before it is taken back doubles each time, unless the queue refused it', async () => {
  await ask(store)
  for (let round = 0; round < 3; round += 1) {
    const [refused] = await claimForDispatch(store.db, 10, at(0))
    await giveBackUndispatched(store.db, [refused?.id ?? 0])
  }
  await claimForDispatch(store.db, 10, at(0))
  expect(await sweepAt(at(11_000))).toMatchObject({ overdue: 1 })
  await claimForDispatch(store.db, 10, at(11_000))
  expect(await sweepAt(at(11_000 + 19_000))).toMatchObject({ overdue: 0 })
  expect(await sweepAt(at(11_000 + 21_000))).toMatchObject({ overdue: 1 })
})

test('a row that a clock running ahead handed over is taken back too', async () => {
  await ask(store)
  await claimForDispatch(store.db, 10, at(10 * MINUTE))
  expect(await sweepAt(at(11_000))).toMatchObject({ overdue: 1 })
})

test('an orphan that a clock running ahead finds is due now', async () => {
  await operation('approved')
  await sweepAt(at(10 * MINUTE))
  expect(await claimForDispatch(store.db, 10, at(0))).toMatchObject([{ inMs: 0 }])
})

test('work that is still to come is left alone, however long the queue has had it', async () => {
  await ask(store, 1, { kind: 'expire', inMs: 120 * MINUTE })
  await claimForDispatch(store.db, 10, at(0))
  expect(await sweepAt(at(60 * MINUTE))).toMatchObject({ overdue: 0 })
})

test('an operation somebody holds may take as long as it likes', async () => {
  await row(await operation('running', { leaseMs: 30_000 }))
  await claimForDispatch(store.db, 10, at(0))
  expect(await sweepAt(at(MINUTE))).toMatchObject({ overdue: 0, orphaned: 0 })
})

test('an operation whose worker died is woken anew, once, though its old row hangs with the dead', async () => {
  const id = await operation('running', { leaseMs: -1_000 })
  await row(id, { ageMs: 40_000 })
  await claimForDispatch(store.db, 10, at(0))
  expect(await sweepAt(at(0))).toMatchObject({ orphaned: 1 })
  expect(await sweepAt(at(0))).toMatchObject({ orphaned: 0 })
  expect(await claimForDispatch(store.db, 10, at(0))).toMatchObject([{ kind: 'advance', operationId: id }])
})

test('an operation that waits for its retry is not woken before', async () => {
  await row(await operation('running', { leaseMs: -1_000 }), { dueMs: MINUTE, ageMs: 40_000 })
  expect(await sweepAt(at(0))).toMatchObject({ orphaned: 0 })
})

test('approved, cancelling, and waiting past its time are orphans when nothing will wake them; the rest are not', async () => {
  await operation('approved')
  await operation('cancelling', { leaseMs: -5_000 })
  await operation('waiting', { wakeMs: -MINUTE })
  await operation('waiting', { wakeMs: MINUTE })
  await operation('waiting')
  await operation('awaiting_approval')
  await operation('needs_human')
  await row(await operation('approved'))
  expect(await sweepAt(at(0))).toMatchObject({ orphaned: 3 })
})

test('the kill switch keeps approved operations where they are', async () => {
  await operation('approved')
  await store.db.execute(sql`insert into quarterdeck.switches (name, value) values ('halt', 'on')`)
  expect(await sweepAt(at(0))).toMatchObject({ orphaned: 0 })
  await store.db.execute(sql`delete from quarterdeck.switches`)
  expect(await sweepAt(at(0))).toMatchObject({ orphaned: 1 })
})

test('what was done long ago is forgotten', async () => {
  await ask(store, 2)
  const claimed = await claimForDispatch(store.db, 10, at(0))
  await markOutboxDone(store.db, [claimed[0]?.id ?? 0], at(-25 * 60 * MINUTE))
  await markOutboxDone(store.db, [claimed[1]?.id ?? 0], at(-23 * 60 * MINUTE))
  expect(await sweepAt(at(0))).toMatchObject({ forgotten: 1 })
})

const onPostgres = PLACES.filter(({ name }) => name === 'postgres')

test.each(onPostgres.filter(({ missing }) => !missing))('one process sweeps at a time on $name', async ({ open }) => {
  const shared = await open()
  const options = { now: at(0), graceMs: 10_000, limit: 100, forgetBefore: at(-MINUTE) }
  try {
    const second = await shared.store.transaction(async (tx) => {
      expect(await sweep(tx, options)).toBeDefined()
      return shared.store.transaction((other) => sweep(other, options))
    })
    expect(second).toBeUndefined()
  } finally {
    await shared.close()
  }
})
