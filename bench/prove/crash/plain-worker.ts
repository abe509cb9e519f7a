import { request } from 'undici'
import { silentLogger } from '../../../core/ports/logger.ts'
import { openStore } from '../../../db/store.ts'
import { openQueue } from '../../../jobs/backends/open.ts'
import { Gauge } from './points.ts'
import { STROKES } from './ring.ts'
import { watchDrivers } from './seam.ts'
import type { FromLife, LifeOptions } from './worker.ts'

/**
 * What one would write without an engine: a BullMQ worker whose job rings a bell twice. Nothing of ours is between the job and its effects;
 * the queue is the same one, on the same backend, and is killed at the same points.
 */
const tell = (message: FromLife) => process.send?.(message)

if (import.meta.main) {
  // Its parent wrote it, with the type above.
  const options = JSON.parse(process.argv[2] ?? '') as LifeOptions
  watchDrivers(new Gauge(options.plan), (passing) => tell({ is: 'passing', passing }))
  process.once('disconnect', () => process.exit(0))
  const store = await openStore(options.store, silentLogger)
  const backend = await openQueue(options.queue, store, 13)
  const queue = backend.queue('plain')
  backend.worker(
    'plain',
    async ({ data }) => {
      for (const stroke of STROKES) {
        const { body } = await request(`${options.outside}/bells/plain${data.outboxId}-${stroke}`, { method: 'POST' })
        await body.dump()
      }
    },
    {
      concurrency: 10,
      ...(options.tuning
        ? { lockDuration: options.tuning.lockMs, stalledInterval: options.tuning.stalledCheckMs }
        : {}),
    },
  )
  queue.on('error', () => undefined)
  process.on('message', (message) => {
    const asked = message as { ask?: { key: string } } // its parent's
    const told = asked.ask ? add(asked.ask.key) : count()
    told.catch((error: unknown) => process.stderr.write(`${error}\n`))
  })

  async function add(key: string): Promise<void> {
    const outboxId = Number(key)
    await queue.add(
      'advance',
      { outboxId, kind: 'advance', operationId: null },
      { jobId: `job-${key}`, removeOnComplete: true },
    )
    tell({ is: 'asked', key, operation: key })
  }

  async function count(): Promise<void> {
    const { failed = 0, ...counts } = await queue.getJobCounts()
    void failed
    const count = Object.values(counts).reduce((sum, one) => sum + one, 0)
    tell({ is: 'unfinished', count, inQueue: count })
  }
  tell({ is: 'ready' })
}
