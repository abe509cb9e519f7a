import type { SimulatedClock, Timer } from '../clock.ts'
import { StatusError } from '../store/errors.ts'

export interface WorkQueueOptions {
  clock: SimulatedClock
  /** Simulated time between being asked and doing it: changes that come together are handled together. */
  delayMs: number
  /** Wait before the first retry and the longest wait; doubles in between. */
  retryMs: number
  longestRetryMs: number
  reconcile: (key: string) => void
  onError: (error: unknown) => void
}

/** Controllers' queue: a key waits once, however often it is asked for, and comes back when its reconcile failed. */
export class WorkQueue {
  readonly #options: WorkQueueOptions
  readonly #waiting = new Map<string, { dueMs: number; timer: Timer }>()
  readonly #failures = new Map<string, number>()

  constructor(options: WorkQueueOptions) {
    this.#options = options
  }

  add(key: string, delayMs = this.#options.delayMs): void {
    const { clock } = this.#options
    const dueMs = clock.now() + delayMs
    const known = this.#waiting.get(key)
    if (known !== undefined && known.dueMs <= dueMs) return
    known?.timer.cancel()
    this.#waiting.set(key, { dueMs, timer: clock.at(dueMs, () => this.#work(key)) })
  }

  /** Forgets everything that waits. */
  clear(): void {
    for (const { timer } of this.#waiting.values()) timer.cancel()
    this.#waiting.clear()
    this.#failures.clear()
  }

  #work(key: string): void {
    this.#waiting.delete(key)
    try {
      this.#options.reconcile(key)
      this.#failures.delete(key)
    } catch (error) {
      // A refusal (conflict, quota, gone meanwhile) is normal life; anything else is a bug and is said aloud.
      if (!(error instanceof StatusError)) this.#options.onError(error)
      const failures = this.#failures.get(key) ?? 0
      this.#failures.set(key, failures + 1)
      this.add(key, Math.min(this.#options.longestRetryMs, this.#options.retryMs * 2 ** Math.min(failures, 20)))
    }
  }
}

export function keyOf(object: { metadata: { namespace?: string; name: string } }): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`
}

export function splitKey(key: string): [namespace: string, name: string] {
  const slash = key.indexOf('/')
  return [key.slice(0, slash), key.slice(slash + 1)]
}
