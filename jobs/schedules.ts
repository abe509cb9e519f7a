import { messageOf } from '../core/errors.ts'
import type { Logger } from '../core/ports/logger.ts'
import { createComplaint } from './complaint.ts'
import { type Loop, startLoop } from './loop.ts'

/** Something this process does by the clock. What must happen once among many processes takes its own lock in the store. */
export interface Schedule {
  readonly name: string
  readonly everyMs: number
  readonly run: () => Promise<void>
}

/**
 * Runs it at once and then every `everyMs` after it ended: no overlap, and a failure is logged once and tried again more slowly.
 * `stop` waits for the running one.
 */
export function every(schedule: Schedule, log: Logger, clock: () => Date): Loop {
  const complaint = createComplaint(
    log.child({ schedule: schedule.name }),
    clock,
    'A scheduled task failed; it is tried again.',
    'The scheduled task works again.',
  )
  return startLoop({
    everyMs: schedule.everyMs,
    slowestMs: 60_000,
    round: async () => {
      await schedule.run()
      complaint.clear()
      return 'idle'
    },
    failed: (error) => complaint.raise(error),
  })
}

/** How a schedule's trouble is told to an operator who asks for the program's health. */
export function describeTrouble(complaint: { readonly since: Date; readonly error: unknown } | undefined) {
  return complaint && { since: complaint.since, says: messageOf(complaint.error) }
}
