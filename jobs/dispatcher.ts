import { claimForDispatch, type DispatchRow, giveBackUndispatched } from '../db/dispatch.ts'
import type { Store } from '../db/store.ts'
import type { JobQueue, QueueBackend } from './backends/backend.ts'
import type { Complaint } from './complaint.ts'
import { type Loop, startLoop } from './loop.ts'
import { JOB_OPTIONS, jobIdOf } from './queues.ts'

export interface DispatcherOptions {
  readonly store: Store
  readonly backend: QueueBackend
  readonly queue: JobQueue
  readonly clock: () => Date
  readonly complaint: Complaint
  /** The hint may be lost; this is how often we look without one. */
  readonly pollMs: number
  /** How long the queue may take to accept a batch. */
  readonly queueTimeoutMs: number
}

const BATCH = 200

/**
 * Turns committed outbox rows into jobs: those that this process's own writes hand over, and those it finds in the store. While the queue
 * is down the rows stay, and are tried again more slowly.
 */
export async function startDispatcher(options: DispatcherOptions): Promise<Loop> {
  const { store, clock, complaint } = options
  let handed: DispatchRow[] = []

  async function dispatch(rows: readonly DispatchRow[]): Promise<void> {
    if (rows.length === 0) return
    try {
      const reason = options.backend.unready()
      if (reason) throw new Error(reason)
      await within(options.queueTimeoutMs, enqueue(options, rows))
    } catch (error) {
      await giveBackUndispatched(
        store.db,
        rows.map((row) => row.id),
      )
      throw error
    }
  }

  async function give(): Promise<'again' | 'idle'> {
    const rows = handed.splice(0, BATCH)
    await dispatch(rows)
    return handed.length > 0 ? 'again' : 'idle'
  }

  async function find(): Promise<'again' | 'idle'> {
    const reason = options.backend.unready()
    if (reason) throw new Error(reason)
    const rows = await claimForDispatch(store.db, BATCH, clock())
    await dispatch(rows)
    complaint.clear()
    return rows.length === BATCH ? 'again' : 'idle'
  }

  const failed = (error: unknown) => complaint.raise(error)
  const finding = startLoop({ everyMs: options.pollMs, slowestMs: 5_000, round: find, failed })
  const giving = startLoop({ everyMs: options.pollMs, slowestMs: options.pollMs, round: give, failed })
  const silence = await store.listen('outbox', () => finding.wake())
  const keep = store.together.handTo((rows) => {
    handed = [...handed, ...rows]
    giving.wake()
  })
  return {
    wake: finding.wake,
    async stop() {
      keep()
      await silence()
      await Promise.all([finding.stop(), giving.stop()])
      await giveBackUndispatched(
        store.db,
        handed.map((row) => row.id),
      ).catch(failed)
    },
  }
}

/** One job per row, due when the row is. A row whose job still lives in the queue gets no second one. */
async function enqueue({ backend, queue }: DispatcherOptions, rows: readonly DispatchRow[]): Promise<void> {
  const jobs = rows.map((row) => ({
    name: row.kind,
    data: { outboxId: row.id, kind: row.kind, operationId: row.operationId },
    opts: { ...JOB_OPTIONS, jobId: jobIdOf(row.id), delay: Math.ceil(row.inMs) },
  }))
  if (jobs.length >= backend.bulkFrom) await queue.addBulk(jobs)
  else await Promise.all(jobs.map((job) => queue.add(job.name, job.data, job.opts)))
}

/** A queue that neither takes nor refuses is down too. What it takes after that is known by its id. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The queue did not answer within ${timeoutMs} ms.`)), timeoutMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
