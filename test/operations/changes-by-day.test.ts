import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { newOperationId } from '../../core/ids.ts'
import type { OperationState } from '../../core/states.ts'
import { changesByDay, lastDays } from '../../operations/desk/changes-by-day.ts'
import { describeOnStores } from '../_harness/store.ts'

const NOW = new Date('2026-11-21T12:00:00Z')

describeOnStores('changes by day', (store) => {
  const asked = (at: string, state: OperationState, service: string | null = 'cart', targets: object[] = []) =>
    store().db.execute(sql`
      insert into quarterdeck.operations
        (id, request_id, thread_id, person_id, said, read_by, confidence, skill, skill_version, state, service, environment, plan, created_at)
      values (${newOperationId()}, 'rq-1', 'th-1', 'mira', 'restart cart', 'command', 1, 'restart', 1, ${state}, ${service},
        ${service && 'staging'}, ${JSON.stringify({ targets })}::jsonb, ${at}::timestamptz)`)

  test('are counted on the day of the zone they were asked for on, by how they ended', async () => {
    // Midnight in Berlin is 23:00 UTC of the day before.
    await asked('2026-11-19T22:59:00Z', 'succeeded')
    await asked('2026-11-19T23:01:00Z', 'failed')
    await asked('2026-11-20T10:00:00Z', 'rolled_back')
    await asked('2026-11-20T11:00:00Z', 'succeeded')
    await asked('2026-11-21T11:00:00Z', 'needs_human')
    for (const state of ['rejected', 'cancelled', 'expired', 'running'] as const)
      await asked('2026-11-21T11:30:00Z', state)
    await asked('2026-11-21T11:40:00Z', 'succeeded', 'search')
    await asked('2026-11-21T11:50:00Z', 'succeeded', null, [{ service: 'cart', environment: 'dev' }])
    const of = (filter: object) => changesByDay(store().db, { days: 3, timezone: 'Europe/Berlin', ...filter }, NOW)
    expect(await of({ service: 'cart' })).toEqual([
      { day: '2026-11-19', done: 1, failed: 0 },
      { day: '2026-11-20', done: 1, failed: 2 },
      // What touched several services counts for each of them.
      { day: '2026-11-21', done: 1, failed: 1 },
    ])
    expect((await of({ service: 'cart', environment: 'staging' })).at(-1)).toEqual({
      ...{ day: '2026-11-21', done: 0, failed: 1 },
    })
    expect((await of({})).at(-1)).toEqual({ day: '2026-11-21', done: 2, failed: 1 })
    expect((await of({ timezone: 'UTC', service: 'cart' })).at(0)).toEqual({ day: '2026-11-19', done: 1, failed: 1 })
  })

  test('no day is missing or twice when clocks are changed', () => {
    expect(lastDays(new Date('2026-10-25T22:30:00Z'), 3, 'Europe/Berlin')).toEqual([
      ...['2026-10-23', '2026-10-24', '2026-10-25'],
    ])
    expect(lastDays(new Date('2026-03-30T00:30:00Z'), 3, 'Europe/Berlin')).toEqual([
      ...['2026-03-28', '2026-03-29', '2026-03-30'],
    ])
    expect(lastDays(NOW, 1, 'Pacific/Kiritimati')).toEqual(['2026-11-22'])
  })
})
