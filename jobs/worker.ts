import { setTimeout as delay } from 'node:timers/promises'
import { DelayedError, UnrecoverableError } from 'bullmq'
import { DeniedError, FencedError, messageOf, UserError } from '../core/errors.ts'
import type { OperationId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import type { Logger } from '../core/ports/logger.ts'
import type { Telemetry } from '../core/ports/telemetry.ts'
import { openOutboxRow } from '../db/dispatch.ts'
import type { Store } from '../db/store.ts'
import type { QueueBackend, QueuedJob } from './backends/backend.ts'
import type { Complaint } from './complaint.ts'
import type { DoneMarks } from './done-marks.ts'
import { type JobKind, QUEUE_NAME } from './queues.ts'

/** What a worker asks of the door. Both are idempotent and may be called from any process. */
export interface WorkDoor {
  advance(operationId: OperationId, options: { workerId: string; signal: AbortSignal }): Promise<void>
  timer(row: { kind: JobKind; operationId?: OperationId; payload: JsonObject }): Promise<void>
}

export interface WorkerOptions {
  readonly store: Store
  readonly backend: QueueBackend
  readonly door: WorkDoor
  readonly marks: DoneMarks
  readonly log: Logger
  readonly telemetry: Telemetry
  readonly complaint: Complaint
  readonly workerId: string
  readonly concurrency: number
  /** How long a job stays this worker's without a sign of life. */
  readonly lockMs: number
  readonly stalledCheckMs: number
  /** So long after the last trouble it counts as over, if no job shows it sooner. */
  readonly quietMs: number
  /** How long a closing worker lets jobs finish, and how long it then waits for them to be handed back. */
  readonly finishMs: number
  readonly handBackMs: number
}

export interface JobsWorker {
  /** Jobs in hand. */
  readonly working: number
  /** Takes no more work, lets what runs finish or hand itself back, and then goes, whatever still hangs. */
  close(): Promise<void>
}

/** A timer that the queue's clock or a later date brings early is put off again; this little is waited out, because a timer asks the store's clock. */
const EARLY_MS = 250

export function startWorker(options: WorkerOptions): JobsWorker {
  const { log, complaint, marks } = options
  const leaving = new AbortController()
  let working = 0

  /** Puts the job back as it came, for this worker's successor or for later. */
  async function handBack(job: QueuedJob, token: string | undefined, inMs = 0): Promise<never> {
    // BullMQ makes a time from now of it again, by this very clock.
    await job.moveToDelayed(Date.now() + inMs, token)
    throw new DelayedError()
  }

  async function work(job: QueuedJob, token: string | undefined): Promise<void> {
    const { outboxId, kind, operationId } = job.data
    if (kind === 'advance' && operationId) {
      await options.door.advance(operationId, { workerId: options.workerId, signal: leaving.signal })
      // Whether it finished or gave way to our leaving, its successor finds out.
      if (leaving.signal.aborted) await handBack(job, token)
    } else {
      const row = await openOutboxRow(options.store.db, outboxId)
      if (!row) return
      if (row.inMs > EARLY_MS) await handBack(job, token, row.inMs)
      if (row.inMs > 0) await delay(row.inMs + 1)
      await options.door.timer({ kind, operationId: row.operationId ?? undefined, payload: row.payload })
    }
    marks.add(outboxId)
  }

  async function process(job: QueuedJob, token?: string): Promise<void> {
    working += 1
    const { kind } = job.data
    const before = Date.now()
    let outcome: 'done' | 'failed' | 'handed-back' = 'done'
    try {
      await work(job, token)
      complaint.clear()
    } catch (error) {
      outcome = error instanceof DelayedError || leaving.signal.aborted ? 'handed-back' : 'failed'
      if (error instanceof DelayedError) throw error
      const fields = { err: error, outbox: job.data.outboxId, operationId: job.data.operationId, kind }
      if (error instanceof FencedError) {
        // Somebody else took the operation over, and has a job of their own.
        log.info(fields, 'Another worker took the operation over.')
        marks.add(job.data.outboxId)
        outcome = 'done'
        return
      }
      if (leaving.signal.aborted) return handBack(job, token)
      if (error instanceof UserError || error instanceof DeniedError) {
        log.info(fields, 'A job was refused; trying again would not help.')
        marks.add(job.data.outboxId)
        throw new UnrecoverableError(messageOf(error))
      }
      log.warn({ ...fields, attempt: job.attemptsMade + 1 }, 'A job failed; it is tried again.')
      throw error
    } finally {
      working -= 1
      // What was put back waits for a time that the queue does not tell.
      const waitedMs = job.attemptsStarted > 1 ? undefined : Math.max(0, before - job.timestamp - (job.opts.delay ?? 0))
      options.telemetry.tell({ what: 'worked', kind, waitedMs, tookMs: Date.now() - before, outcome })
    }
  }

  const worker = options.backend.worker(QUEUE_NAME, process, {
    concurrency: options.concurrency,
    lockDuration: options.lockMs,
    stalledInterval: options.stalledCheckMs,
    // BullMQ would fail a job whose workers died twice; the sweeper would bring it back. Let it live.
    maxStalledCount: 1_000,
    // After an error of its own the worker looks again this soon.
    runRetryDelay: 2_000,
    name: options.workerId,
  })
  let quiet: NodeJS.Timeout | undefined
  worker.on('error', (error) => {
    complaint.raise(error)
    // What stays wrong is said again and again, that it is over never: a quiet night would be called down until its first job.
    clearTimeout(quiet)
    quiet = setTimeout(() => complaint.clear(), options.quietMs).unref()
  })
  worker.on('stalled', (jobId) => log.warn({ job: jobId }, 'A worker died with a job in hand; the job runs again.'))

  return {
    get working() {
      return working
    },
    async close() {
      clearTimeout(quiet)
      const closed = worker.close().catch((error) => complaint.raise(error))
      if (await settles(closed, options.finishMs)) return
      leaving.abort(new Error('The worker is shutting down.'))
      if (await settles(closed, options.handBackMs)) return
      log.warn({ working }, 'The worker leaves with jobs that did not stop; another one takes them over.')
    },
  }
}

/** Whether it settled in time. */
async function settles(work: Promise<unknown>, withinMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), withinMs)
  })
  const settled = await Promise.race([work.then(() => true), late])
  clearTimeout(timer)
  return settled
}
