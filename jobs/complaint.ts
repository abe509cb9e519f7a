import type { Logger } from '../core/ports/logger.ts'

/** Says that something is down once, not at every try; and that it is back. */
export interface Complaint {
  raise(error: unknown): void
  clear(): void
  /** What is wrong, and since when; undefined while all is well. */
  readonly current: { readonly since: Date; readonly error: unknown } | undefined
}

/** @param log already carries the fields that say who complains */
export function createComplaint(log: Logger, clock: () => Date, down: string, back: string): Complaint {
  let current: { since: Date; error: unknown } | undefined
  return {
    raise(error) {
      if (current) {
        current = { since: current.since, error }
        log.debug({ err: error }, down)
        return
      }
      current = { since: clock(), error }
      log.warn({ err: error }, down)
    },
    clear() {
      if (current) log.info({ since: current.since }, back)
      current = undefined
    },
    get current() {
      return current
    },
  }
}
