import type { Logger } from '../core/ports/logger.ts'
import { type Store, storeClock } from '../db/store.ts'
import { sweep } from '../db/sweep.ts'
import type { Complaint } from './complaint.ts'
import { type Loop, startLoop } from './loop.ts'

export interface SweeperOptions {
  readonly store: Store
  readonly log: Logger
  readonly complaint: Complaint
  readonly everyMs: number
  /** How long after it was due a row may stay undone before the queue is asked again. */
  readonly graceMs: number
}

const BATCH = 500
const REMEMBER_MS = 24 * 60 * 60 * 1000

/** Puts back into the outbox what the queue has lost. Several processes may run one: the store lets one sweep at a time. */
export async function startSweeper({ store, log, complaint, everyMs, graceMs }: SweeperOptions): Promise<Loop> {
  const loop = startLoop({
    everyMs,
    failed: (error) => complaint.raise(error),
    round: async () => {
      const asked = performance.now()
      const found = await store.transaction(async (tx) => {
        // As it was before we waited for the store: whoever would have said that a row is done waited as well.
        const now = new Date((await storeClock(tx)).getTime() - (performance.now() - asked))
        const forgetBefore = new Date(now.getTime() - REMEMBER_MS)
        return sweep(tx, { now, graceMs, limit: BATCH, forgetBefore })
      })
      complaint.clear()
      if (found && found.overdue + found.orphaned > 0)
        log.info(
          { overdue: found.overdue, orphaned: found.orphaned },
          'The queue was asked again for work it had not done.',
        )
      return found?.overdue === BATCH ? 'again' : 'idle'
    },
  })
  // What the kill switch held back must go on within a second of `resume`.
  const silence = await store.listen('halt', () => loop.wake())
  return {
    wake: loop.wake,
    async stop() {
      await silence()
      await loop.stop()
    },
  }
}
