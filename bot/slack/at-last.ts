import { setTimeout as delay } from 'node:timers/promises'
import { UpstreamError } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'

/** What was said longer ago is stale: nobody expects it to be done now. */
const GIVE_UP_MS = 10 * 60_000
const LONGEST_PAUSE_MS = 15_000

/**
 * Asks until there is an answer, for what was acknowledged already and must not be lost because Slack or the store has a bad minute.
 * Undefined, with a line in the log, when it cannot be known or does not come within ten minutes. `heardAt` is a time of `performance`.
 */
export async function atLast<T>(
  what: string,
  work: () => Promise<T>,
  log: Logger,
  signal: AbortSignal,
  heardAt = performance.now(),
): Promise<T | undefined> {
  const until = heardAt + GIVE_UP_MS
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work()
    } catch (error) {
      const passes = error instanceof UpstreamError && error.retryable
      if (!passes || signal.aborted || performance.now() > until) {
        log.warn({ err: error, what }, 'Slack or the store did not say what it takes to act; nothing was done')
        return undefined
      }
      const waitMs = (error.retryAfterMs ?? 0) + Math.random() * pauseMs
      await delay(waitMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
