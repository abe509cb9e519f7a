import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UserError } from '../../core/errors.ts'
import type { Jobs } from '../../jobs/start.ts'
import { PLACES, type Place } from './places.ts'
import { ask, begin, eventually, FakeDoor, undone } from './work.ts'

const QUICK = { sweepMs: 100, graceMs: 300 }

describe.each(PLACES)('the engine on $name', ({ missing, open }) => {
  const maybe = test.skipIf(missing)
  let place: Place
  let door: FakeDoor
  let running: Jobs[]

  async function start(...args: Parameters<typeof begin> extends [unknown, unknown, ...infer Rest] ? Rest : never) {
    const jobs = await begin(place, door, ...args)
    running.push(jobs)
    return jobs
  }

  beforeEach(async () => {
    if (missing) return
    place = await open()
    door = new FakeDoor()
    running = []
  })

  afterEach(async () => {
    if (missing) return
    await Promise.all(running.map((jobs) => jobs.close()))
    await place.close()
  })

  maybe('a committed row wakes a worker once, and is done', async () => {
    await start()
    const [id] = await ask(place.store)
    await eventually(async () => (await undone(place.store)) === 0)
    expect(door.advanced).toEqual([id])
  })

  maybe('a process whose clock is wrong waits no longer for work than others would, and no shorter', async () => {
    let aheadMs = -600_000
    const jobs = await start({}, () => new Date(Date.now() + aheadMs))
    await ask(place.store)
    await ask(place.store, 1, { kind: 'expire' })
    await eventually(async () => (await undone(place.store)) === 0)
    expect(door.timers).toHaveLength(1)
    aheadMs = 600_000
    await ask(place.store, 1, { inMs: 60_000 })
    await eventually(async () => ((await jobs.counts()).delayed ?? 0) === 1)
    expect(door.advanced).toHaveLength(1)
  })

  maybe('work that waits for its time outlives a restart and runs once, not early', async () => {
    const first = await start()
    const due = Date.now() + 1_500
    await ask(place.store, 1, { kind: 'expire', inMs: 1_500 })
    await eventually(async () => ((await first.counts()).delayed ?? 0) === 1)
    await first.close()
    expect(door.timers).toEqual([])
    await start()
    await eventually(async () => (await undone(place.store)) === 0)
    expect(door.timers).toHaveLength(1)
    expect(door.timers[0]?.at).toBeGreaterThanOrEqual(due - 250)
  })

  maybe('a row that is handed over twice does no harm', async () => {
    await start()
    await ask(place.store, 5)
    await eventually(async () => (await undone(place.store)) === 0)
    await place.store.db.execute(sql`update quarterdeck.outbox set dispatched_at = null, done_at = null`)
    await eventually(async () => (await undone(place.store)) === 0)
    expect(new Set(door.advanced).size).toBe(5)
  })

  maybe('losing the whole queue loses nothing', async () => {
    const before = await begin(place, door, { tuning: QUICK, concurrency: 1 })
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    door.onAdvance = () => held
    const ids = await ask(place.store, 20)
    await ask(place.store, 1, { kind: 'remind', inMs: 1_000 })
    await eventually(async () => ((await before.counts()).delayed ?? 0) === 1)
    await place.wipeQueue()
    running.push(before)
    release()
    await eventually(async () => (await undone(place.store)) === 0)
    expect(new Set(door.advanced)).toEqual(new Set(ids))
    expect(door.timers).toHaveLength(1)
  })

  maybe('the store can be used as much as anybody likes meanwhile', async () => {
    await start()
    door.onAdvance = async (id) => {
      await place.store.transaction(async (tx) => {
        await tx.execute(sql`insert into quarterdeck.meta (key, value) values (${id}, '1'::jsonb)`)
        await tx.execute(sql`select count(*) from quarterdeck.meta`)
      })
    }
    await Promise.all(Array.from({ length: 40 }, () => ask(place.store, 5)))
    await eventually(async () => (await undone(place.store)) === 0)
    const { rows } = await place.store.db.execute<{ n: number }>(
      sql`select count(*)::int as n from quarterdeck.meta where key like 'op-%'`,
    )
    expect(rows[0]?.n).toBe(200)
    expect(door.advanced).toHaveLength(200)
  })

  maybe('a refusal is final, a crash is tried again', async () => {
    await start()
    let crashes = 0
    const [refused] = await ask(place.store)
    const [crashing] = await ask(place.store)
    door.onAdvance = async (id) => {
      if (id === refused) throw new UserError('There is no such thing.')
      crashes += 1
      if (crashes === 1) throw new Error('a bug')
    }
    await eventually(async () => (await undone(place.store)) === 0)
    expect(door.advanced.filter((id) => id === refused)).toHaveLength(1)
    expect(door.advanced.filter((id) => id === crashing)).toHaveLength(2)
  })

  maybe('a worker that leaves hands back what it has in hand', async () => {
    const leaving = await begin(place, door, { tuning: { finishMs: 50, handBackMs: 5_000 } })
    door.onAdvance = (_id, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
    const [id] = await ask(place.store)
    await eventually(() => door.advanced.length === 1)
    await leaving.close()
    expect(await undone(place.store)).toBe(1)
    door.onAdvance = async () => {}
    await start()
    await eventually(async () => (await undone(place.store)) === 0)
    expect(door.advanced).toEqual([id, id])
  })

  maybe('two processes share the work and do none of it twice', async () => {
    await start()
    await start()
    await ask(place.store, 60)
    await eventually(async () => (await undone(place.store)) === 0)
    expect(door.advanced).toHaveLength(60)
  })
})
