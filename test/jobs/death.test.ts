import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { silentLogger } from '../../core/ports/logger.ts'
import { openStore, type StoreOptions } from '../../db/store.ts'
import type { QueuePlace } from '../../jobs/backends/open.ts'
import { layPreparedStore } from '../_harness/prepared-store.ts'
import { PLACES } from './places.ts'
import { ask, begin, eventually, FakeDoor, undone } from './work.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const node = join(root, 'node_modules/.bin/node')
/** A dead worker's job is its own this long. Short, so that the test is. */
const TUNING = { lockMs: 1_500, stalledCheckMs: 500, sweepMs: 200, graceMs: 500 }

let children: ChildProcess[] = []
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children = []
})

/** Starts a worker in a process of its own; resolves with the operation it took in hand (and will never finish). */
async function workerThatHangs(store: StoreOptions, queue: QueuePlace, count: number): Promise<ChildProcess> {
  const child = spawn(
    node,
    [join(root, 'test/jobs/hanging-worker.ts'), JSON.stringify({ store, queue, count, TUNING })],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  children.push(child)
  let holding = 0
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('advancing')) holding += 1
    if (holding === count) return child
  }
  throw new Error('The worker ended before it had work in hand.')
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

describe.each(PLACES.filter((place) => place.name !== 'embedded'))('a worker killed on $name', ({ missing, open }) => {
  test.skipIf(missing)('its jobs run again elsewhere, and end', async () => {
    const place = await open()
    if (!place.storeOptions) throw new Error('This test needs a store that two processes can open.')
    try {
      const ids = await ask(place.store, 3)
      const child = await workerThatHangs(place.storeOptions, place.queue, 3)
      const door = new FakeDoor()
      const jobs = await begin(place, door, { tuning: TUNING })
      await kill(child)
      await eventually(async () => (await undone(place.store)) === 0)
      expect(new Set(door.advanced)).toEqual(new Set(ids))
      await jobs.close()
    } finally {
      await place.close()
    }
  })
})

test.each(PLACES.filter((place) => place.name === 'embedded'))(
  'the $name program killed with jobs in hand goes on where it stood when it starts again',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-jobs-'))
    const options = { backend: 'pglite', folder } as const
    await layPreparedStore(folder)
    try {
      const before = await openStore(options, silentLogger)
      const ids = await ask(before, 3)
      await ask(before, 1, { kind: 'remind', inMs: 60 * 60_000 })
      await before.close()
      await kill(await workerThatHangs(options, 'store', 3))
      const store = await openStore(options, silentLogger)
      const place = { store, queue: 'store' as const, wipeQueue: async () => {}, close: () => store.close() }
      const door = new FakeDoor()
      const jobs = await begin(place, door, { tuning: TUNING })
      await eventually(async () => (await undone(store)) === 1)
      expect(new Set(door.advanced)).toEqual(new Set(ids))
      expect(door.timers).toEqual([])
      const { rows } = await store.db.execute<{ kind: string }>(
        sql`select kind from quarterdeck.outbox where done_at is null`,
      )
      expect(rows).toEqual([{ kind: 'remind' }])
      await jobs.close()
      await store.close()
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)
