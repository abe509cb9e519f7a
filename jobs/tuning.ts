/** The engine's times, in milliseconds. */
export interface Tuning {
  /** How often the dispatcher looks without a hint. */
  readonly pollMs: number
  /** How long the queue may take to accept a batch before it counts as down. */
  readonly queueTimeoutMs: number
  readonly sweepMs: number
  /** How long after it was due a row may stay undone before the queue is asked again. */
  readonly graceMs: number
  /** How long a job stays a worker's without a sign of life; as long as an operation's lease. */
  readonly lockMs: number
  readonly stalledCheckMs: number
  /** So long after the last trouble with the queue a worker's counts as over, if no job shows it sooner. */
  readonly quietMs: number
  /** A closing worker: time to finish, then time to hand back. */
  readonly finishMs: number
  readonly handBackMs: number
}

/** Jobs a process works on at once: mostly they wait for others, and what they write meanwhile is written together. */
export const DEFAULT_CONCURRENCY = 20

export const DEFAULT_TUNING: Tuning = {
  pollMs: 500,
  queueTimeoutMs: 5_000,
  sweepMs: 3_000,
  graceMs: 10_000,
  lockMs: 30_000,
  stalledCheckMs: 10_000,
  quietMs: 30_000,
  finishMs: 5_000,
  handBackMs: 5_000,
}
