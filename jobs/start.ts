import type { Logger } from '../core/ports/logger.ts'
import { noTelemetry, type Telemetry } from '../core/ports/telemetry.ts'
import type { Store } from '../db/store.ts'
import { openQueue, type QueuePlace } from './backends/open.ts'
import { createComplaint } from './complaint.ts'
import { startDispatcher } from './dispatcher.ts'
import { startDoneMarks } from './done-marks.ts'
import type { Loop } from './loop.ts'
import { QUEUE_NAME } from './queues.ts'
import { describeTrouble, every, type Schedule } from './schedules.ts'
import { startSweeper } from './sweeper.ts'
import { DEFAULT_CONCURRENCY, DEFAULT_TUNING, type Tuning } from './tuning.ts'
import { startWorker, type WorkDoor } from './worker.ts'

export interface JobsConfig {
  readonly queue: QueuePlace
  /** Jobs this process works on at once. */
  readonly concurrency?: number
  /** Other times than the usual ones. */
  readonly tuning?: Partial<Tuning>
}

/** What this process does. Any number of processes may share each role. */
export interface JobsRoles {
  /** Turn outbox rows into jobs. */
  readonly dispatch: boolean
  /** Work on jobs. */
  readonly work: boolean
  /** Look for what the queue lost, and run the schedules. */
  readonly sweep: boolean
}

interface Trouble {
  readonly since: Date
  readonly says: string
}

export interface JobsHealth {
  readonly backend: 'embedded' | 'postgres' | 'redis'
  /** Jobs in this process's hands. */
  readonly working: number
  /** Absent where all is well. */
  readonly dispatcher?: Trouble
  readonly worker?: Trouble
  readonly sweeper?: Trouble
}

export interface Jobs {
  readonly workerId: string
  health(): JobsHealth
  /** Jobs by state, as the queue counts them. Throws when the queue is away. */
  counts(): Promise<Record<string, number>>
  /** Hands out no more work, finishes or hands back what is in hand (within about 10 s), closes the queue. The store stays open. */
  close(): Promise<void>
}

/** Starts this process's part of the engine. Throws when the queue's schema cannot be made; a Redis that is away is waited for. */
export async function startJobs(deps: {
  readonly store: Store
  readonly config: JobsConfig
  readonly door: WorkDoor
  readonly log: Logger
  readonly clock: () => Date
  readonly roles: JobsRoles
  /** Told of what was done. Absent: nobody is. */
  readonly telemetry?: Telemetry
  /** A name for this process that no other one has. */
  readonly workerId: string
  readonly schedules?: readonly Schedule[]
}): Promise<Jobs> {
  const { store, door, clock, roles, workerId } = deps
  const tuning = { ...DEFAULT_TUNING, ...deps.config.tuning }
  const concurrency = deps.config.concurrency ?? DEFAULT_CONCURRENCY
  const backend = await openQueue(deps.config.queue, store, Math.min(concurrency, 10) + 3)
  const log = deps.log.child({ queue: backend.name })
  const complaints = {
    dispatcher: createComplaint(
      log,
      clock,
      'The queue takes no work; it waits in the store.',
      'The queue takes work again.',
    ),
    worker: createComplaint(
      log,
      clock,
      'The worker has trouble with its queue.',
      'The worker has no more trouble with its queue.',
    ),
    sweeper: createComplaint(log, clock, 'Lost work cannot be looked for.', 'Lost work is looked for again.'),
    marks: createComplaint(
      log,
      clock,
      'Finished jobs cannot be marked as done yet.',
      'Finished jobs are marked as done again.',
    ),
  }

  void backend.check().then((warnings) => {
    for (const warning of warnings) log.warn({ warning }, 'The queue is not set up as it should be.')
  })
  const queue = backend.queue(QUEUE_NAME)
  queue.on('error', (error) => complaints.dispatcher.raise(error))

  const loops: Loop[] = []
  if (roles.dispatch)
    loops.push(await startDispatcher({ store, backend, queue, clock, complaint: complaints.dispatcher, ...tuning }))
  if (roles.sweep) {
    const everyMs = tuning.sweepMs
    loops.push(await startSweeper({ store, log, complaint: complaints.sweeper, everyMs, graceMs: tuning.graceMs }))
    for (const schedule of deps.schedules ?? []) loops.push(every(schedule, log, clock))
  }
  const marks = roles.work ? startDoneMarks(store, clock, complaints.marks) : undefined
  const worker =
    marks &&
    startWorker({
      store,
      backend,
      door,
      marks,
      log,
      telemetry: deps.telemetry ?? noTelemetry,
      complaint: complaints.worker,
      workerId,
      concurrency,
      ...tuning,
    })

  async function close(): Promise<void> {
    await Promise.all(loops.map((loop) => loop.stop()))
    await worker?.close()
    await marks?.close()
    await queue.close()
    await backend.close()
  }
  let closing: Promise<void> | undefined

  return {
    workerId,
    health: () => ({
      backend: backend.name,
      working: worker?.working ?? 0,
      dispatcher: describeTrouble(complaints.dispatcher.current),
      worker: describeTrouble(complaints.worker.current ?? complaints.marks.current),
      sweeper: describeTrouble(complaints.sweeper.current),
    }),
    counts: () => queue.getJobCounts(),
    close() {
      closing ??= close()
      return closing
    },
  }
}
