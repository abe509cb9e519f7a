import { openQueue } from '../jobs/backends/open.ts'
import { inLanes, type Place } from './places.ts'

const FLOOR_QUEUE = 'floor'
const COMMITS = 5

/** What no engine on this ground can do without: five commits and one empty BullMQ job for each operation, and nothing of ours. */
export interface Floor {
  /** Operations a second, so many lanes at once. */
  measure(lanes: number, count: number): Promise<number>
  close(): Promise<void>
}

export async function openFloor(place: Place, lanes: number): Promise<Floor> {
  const { pglite, pool } = place.store
  const query = async (text: string) => void (await (pglite ? pglite.query(text) : pool?.query(text)))
  await query('create table if not exists public.floor (id bigint generated always as identity, what text)')
  // The queue's connections are opened as the program opens them; adding and running a job is BullMQ's own.
  const backend = await openQueue(place.queue, place.store, lanes + 3)
  const queue = backend.queue(FLOOR_QUEUE)
  const waiting = new Map<number, () => void>()
  const worker = backend.worker(
    FLOOR_QUEUE,
    async (job) => {
      waiting.get(job.data.outboxId)?.()
      waiting.delete(job.data.outboxId)
    },
    { concurrency: lanes },
  )
  const complain = (error: Error) => {
    throw error
  }
  queue.on('error', complain)
  worker.on('error', complain)
  await worker.waitUntilReady()
  let jobs = 0

  async function operation(): Promise<void> {
    for (let commit = 0; commit < COMMITS; commit += 1) await query("insert into public.floor (what) values ('commit')")
    jobs += 1
    const id = jobs
    const done = new Promise<void>((resolve) => waiting.set(id, resolve))
    const options = { jobId: `floor-${id}`, removeOnComplete: true, removeOnFail: true }
    await queue.add('advance', { outboxId: id, kind: 'advance', operationId: null }, options)
    await done
  }

  return {
    measure: async (atOnce, count) => count / (await inLanes(atOnce, count, operation)),
    async close() {
      await worker.close()
      await queue.close()
      await backend.close()
    },
  }
}
