import { sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import type { PersonId } from '../../core/ids.ts'
import type { Database } from '../../db/database.ts'
import { claimDeliveries, sentLately } from '../../db/due-deliveries.ts'
import { forgetConversations } from '../../db/forget-conversations.ts'
import { listOperations } from '../../db/operations.ts'
import { unansweredRequests } from '../../db/requests.ts'
import type { Store } from '../../db/store.ts'
import { readVitals } from '../../db/vitals.ts'
import { describeOnStores } from '../_harness/store.ts'
import { plansOf } from './query-plans.ts'

const MANY = 6_000
const NOW = new Date()
const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)

describeOnStores('a store that has seen much', (store) => {
  beforeAll(async () => {
    const { db } = store()
    const at = sql`now() - n * interval '1 hour'`
    const all = sql`generate_series(1, ${MANY}::integer) as n`
    await db.execute(sql`insert into quarterdeck.threads (id, surface, surface_key, created_at, updated_at)
      select 'th-' || n, 'slack', 'key-' || n, ${at}, ${at} from ${all}`)
    await db.execute(sql`insert into quarterdeck.requests
      (id, surface, thread_id, text, key, outcome, operation_id, received_at)
      select 'rq-' || n, 'slack', 'th-' || n, 'x', 'k-' || n, case when n = 1 then null else 'proposed' end,
        case when n = 1 then null else 'op-' || n end, ${at} from ${all}`)
    await db.execute(sql`insert into quarterdeck.operations (id, request_id, thread_id, person_id, said, read_by, confidence, skill,
        skill_version, state, plan, gate, service, environment, created_at, finished_at)
      select 'op-' || n, 'rq-' || n, 'th-' || n, 'mira', 'x', 'command', 1, 'scale', 1, 'succeeded',
        jsonb_build_object('targets', jsonb_build_array(jsonb_build_object('service', 's' || n % 60, 'environment', 'e' || n % 3))
          || case when n % 100 = 0 then '[{"service": "both", "environment": "e1"}]' else '[]' end::jsonb),
        '{}'::jsonb, case when n % 100 = 0 then null else 's' || n % 60 end, 'e' || n % 3, ${at}, ${at} from ${all}`)
    await db.execute(sql`insert into quarterdeck.deliveries (id, surface, thread_id, key, card, revision, sent_revision, ref,
        request_id, operation_id, next_at, created_at, updated_at, sent_at)
      select 'dl-' || n, 'slack', 'th-' || n, 'operation:op-' || n, jsonb_build_object('text', repeat(md5(n::text), 48)), 4, case when n <= 2 then 3 else 4 end, 'r',
        'rq-' || n, 'op-' || n, ${at}, ${at}, ${at}, ${at} from ${all}`)
    for (const table of ['threads', 'requests', 'operations', 'deliveries'])
      await db.execute(sql.raw(`analyze quarterdeck.${table}`))
  })

  const plan = (ask: (on: Database) => Promise<unknown>) => plansOf(store().db, ask)
  /** What asks in a transaction of its own, asked in this one. */
  const planInside = (ask: (on: Pick<Store, 'transaction' | 'db'>) => Promise<unknown>) =>
    store().transaction((tx) =>
      // A handle of drizzle's as good as the store's, of which only these are used.
      plansOf(tx, (on) => ask({ db: on, transaction: (work) => work(on as unknown as typeof tx) })),
    )
  const list = (filter: object) => listOperations(store().db, { ...filter, limit: 20 })
  const ids = async (filter: object) => (await list(filter)).map(({ id }) => id)

  test.each([
    { service: 'never' },
    { service: 's7', environment: 'never' },
    { environment: 'never' },
    { service: 's7', states: ['succeeded' as const] },
  ])('finds the history of what never ran, or seldom, without reading everybody’s: %o', async (filter) => {
    const explained = await plan((on) => listOperations(on, { ...filter, limit: 20 }))
    expect(explained).not.toMatch(/Seq Scan on operations|operations_created_at_index/)
    expect(explained).toMatch(/operations_(?:service|environment)_(?:environment_)?created_at_index/)
  })

  test('finds what touched several by its plan', async () => {
    const explained = await plan((on) => listOperations(on, { service: 'both', limit: 20 }))
    expect(explained).toContain('operations_targets_index')
  })

  test('finds what did not end well', async () => {
    const explained = await plan((on) => listOperations(on, { states: ['expired', 'failed'], limit: 20 }))
    expect(explained).toContain('operations_ended_otherwise_index')
  })

  test('tells the history of a service with what touched several, newest first', async () => {
    expect(await ids({ service: 's7' })).toEqual(Array.from({ length: 20 }, (_, at) => `op-${7 + 60 * at}`))
    expect((await ids({ service: 's0', environment: 'e0' })).slice(0, 6)).toEqual(
      ['60', '120', '180', '240', '300', '360'].map((n) => `op-${n}`),
    )
    expect((await ids({ service: 'both' })).slice(0, 2)).toEqual(['op-100', 'op-200'])
    expect((await ids({ environment: 'e1' })).slice(0, 3)).toEqual(['op-1', 'op-4', 'op-7'])
    expect(await ids({ service: 'never' })).toEqual([])
    expect(await ids({ service: 's7', personId: 'jonas' as PersonId })).toEqual([])
    expect(await ids({ since: ago(150) })).toEqual(['op-1', 'op-2'])
  })

  test('takes the cards that are due from their index, though all are on one surface', async () => {
    const claim = (on: Database) =>
      claimDeliveries(on, { surfaces: ['slack', 'teams'], owner: 'one', now: NOW, leaseMs: 60_000, limit: 20 })
    expect((await claim(store().db)).map(({ id }) => id)).toEqual(['dl-2', 'dl-1'])
    const explained = await plan(async (on) => expect(await claim(on)).toEqual([]))
    expect(explained).toContain('deliveries_due_index')
    expect(explained).not.toContain('Seq Scan on deliveries')
  })

  test('knows what waits, what was sent lately and what was never answered by their indexes', async () => {
    const vitals = await planInside((on) => readVitals(on))
    expect(vitals).toContain('deliveries_due_index')
    expect(vitals).not.toMatch(/Seq Scan on (?:deliveries|operations)/)
    const sent = await plan((on) => sentLately(on, { surface: 'slack', withinMs: 7_000_000, limit: 500 }))
    expect(sent).toContain('deliveries_touched_index')
    const within = { surface: 'slack', withinMs: 2.5 * 3_600_000, limit: 500 } as const
    expect((await sentLately(store().db, within)).map(({ id }) => id)).toEqual(['dl-1', 'dl-2'])
    const missed = await plan((on) => unansweredRequests(on, { after: ago(600), before: NOW }, 100))
    expect(missed).toContain('requests_unbound_index')
    const unanswered = await unansweredRequests(store().db, { after: ago(600), before: NOW }, 100)
    expect(unanswered.map(({ id }) => id)).toEqual(['rq-1'])
  })

  test('forgets what is old without reading what is not', async () => {
    // Nothing is so old: what is asked each hour, mostly.
    const explained = await planInside((on) => forgetConversations(on, ago(60 * (MANY + 10))))
    expect(explained).toContain('deliveries_touched_index')
    expect(explained).toContain('requests_unbound_index')
    expect(explained).not.toMatch(/Seq Scan on (?:deliveries|requests|threads|operations|audiences)/)
  })
})
