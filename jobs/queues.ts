import type { JobsOptions } from 'bullmq'
import type { OperationId } from '../core/ids.ts'

/** The kinds of work a job may wake somebody for: the outbox's own words. */
export type JobKind = 'advance' | 'expire' | 'remind' | 'unlock' | 'review'

/** What a job carries: ids, never the truth. The worker reads the rest from the store. */
export interface JobData {
  readonly outboxId: number
  readonly kind: JobKind
  readonly operationId: OperationId | null
}

/** One queue: an operation's approval, timers and steps share its order and its workers. */
export const QUEUE_NAME = 'operations'

/** The id of an outbox row's job. BullMQ refuses a second job of the same id while the first one lives. */
export function jobIdOf(outboxId: number): string {
  // BullMQ reads an id made of digits alone as one of its own.
  return `outbox-${outboxId}`
}

/**
 * Nothing is kept of a finished job: the store knows how it ended, and a kept row would hold its id and so refuse the sweeper's
 * second try. BullMQ retries a crash in our own code a few times; past that the sweeper goes on, ever more slowly.
 */
export const JOB_OPTIONS = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: true,
  stackTraceLimit: 5,
} as const satisfies JobsOptions
