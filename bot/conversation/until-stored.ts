import { setTimeout as delay } from 'node:timers/promises'
import { UpstreamError } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { Limits } from './deps.ts'

/** Tries for errors that are not an outage: a bug does not get better by waiting. */
const TRIES_OF_A_BUG = 3

export const isStoreDown = (error: unknown): boolean => error instanceof UpstreamError && error.service === 'database'

/**
 * Does work on the store until it is done: while the database is down, with growing pauses (full jitter) for as long as the process
 * lives, since what was acknowledged must not be dropped. Throws when `signal` aborts, or after a few tries for any other error.
 */
export async function untilStored<T>(
  what: string,
  work: () => Promise<T>,
  options: {
    readonly limits: Pick<Limits, 'retryMs' | 'retryMaxMs'>
    readonly log: Logger
    readonly signal: AbortSignal
  },
): Promise<T> {
  const { limits, log, signal } = options
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const down = isStoreDown(error)
      if (signal.aborted || (!down && attempt >= TRIES_OF_A_BUG) || !(down || mayPass(error))) throw error
      if (attempt === 1) log.warn({ error, what }, 'the store did not take it; trying again until it does')
      const longest = Math.min(limits.retryMaxMs, limits.retryMs * 2 ** Math.min(attempt, 20))
      await delay(Math.random() * longest, undefined, { signal })
    }
  }
}

// People's mistakes and refusals are answers; only surprises are tried again.
function mayPass(error: unknown): boolean {
  return !(error instanceof Error && /^(?:UserError|DeniedError|UpstreamError)$/.test(error.name))
}
