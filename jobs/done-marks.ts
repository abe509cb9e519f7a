import { markOutboxDone } from '../db/dispatch.ts'
import type { Store } from '../db/store.ts'
import type { Complaint } from './complaint.ts'
import { startLoop } from './loop.ts'

/** Remembers which outbox rows were done and tells the store in batches. */
export interface DoneMarks {
  add(outboxId: number): void
  /** Writes what is left, if the store answers. */
  close(): Promise<void>
}

const BATCH = 500
/** Nobody waits for a mark, so many may share a commit. */
const GATHER_MS = 100

/**
 * One commit marks what was done within a tenth of a second. A mark lost in a crash costs nothing: the row is swept, its job
 * finds the work done, and marks it again.
 */
export function startDoneMarks(store: Store, clock: () => Date, complaint: Complaint): DoneMarks {
  const waiting = new Set<number>()

  async function flush(): Promise<'again' | 'idle'> {
    const batch = [...waiting].slice(0, BATCH)
    if (batch.length === 0) return 'idle'
    await markOutboxDone(store.db, batch, clock())
    for (const id of batch) waiting.delete(id)
    complaint.clear()
    return waiting.size > 0 ? 'again' : 'idle'
  }

  let gathering: NodeJS.Timeout | undefined
  const loop = startLoop({ everyMs: 5_000, round: flush, failed: (error) => complaint.raise(error) })
  return {
    add(outboxId) {
      waiting.add(outboxId)
      gathering ??= setTimeout(() => {
        gathering = undefined
        loop.wake()
      }, GATHER_MS)
    },
    async close() {
      clearTimeout(gathering)
      await loop.stop()
      await flush().catch((error) => complaint.raise(error))
    },
  }
}
