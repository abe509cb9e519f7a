import type { Job, JobsOptions, WorkerOptions } from 'bullmq'
import type { JobData, JobKind } from '../queues.ts'

/** The part of BullMQ's Queue that we use, whatever it stands on. */
export interface JobQueue {
  add(name: JobKind, data: JobData, opts: JobsOptions): Promise<unknown>
  addBulk(jobs: { name: JobKind; data: JobData; opts: JobsOptions }[]): Promise<unknown>
  /** Jobs by state: waiting, active, delayed, … */
  getJobCounts(): Promise<Record<string, number>>
  on(event: 'error', hear: (error: Error) => void): unknown
  close(): Promise<void>
}

/** The part of BullMQ's Worker that we use. */
export interface JobWorker {
  on(event: 'error', hear: (error: Error) => void): unknown
  on(event: 'stalled', hear: (jobId: string) => void): unknown
  waitUntilReady(): Promise<unknown>
  /** Waits for the jobs in hand, or with `force` leaves them to the stalled check. */
  close(force?: boolean): Promise<void>
}

export type QueuedJob = Pick<
  Job<JobData, void, JobKind>,
  'id' | 'data' | 'attemptsMade' | 'attemptsStarted' | 'timestamp' | 'opts' | 'moveToDelayed'
>
export type JobProcessor = (job: QueuedJob, token?: string) => Promise<void>
export type JobWorkerOptions = Omit<WorkerOptions, 'connection' | 'prefix'>

/** Where BullMQ keeps its jobs. */
export interface QueueBackend {
  readonly name: 'embedded' | 'postgres' | 'redis'
  /** From how many jobs on one `addBulk` is quicker than as many `add`s. */
  readonly bulkFrom: number
  queue(name: string): JobQueue
  worker(name: string, process: JobProcessor, options: JobWorkerOptions): JobWorker
  /** Why it takes no jobs just now, as far as that is known without asking; undefined when it should. */
  unready(): string | undefined
  /** Sentences on what the operator should change, or empty. Looks at the server, so it may take a moment. */
  check(): Promise<readonly string[]>
  /** Closes what the backend opened itself; queues and workers are closed by who asked for them, before. */
  close(): Promise<void>
}
