import type { StoredOperation } from '../../db/operation-records.ts'
import { addOutbox } from '../../db/outbox.ts'
import type { House } from '../deps.ts'

/** A wake-up that comes this little before its time counts: a queue waits by a clock of its own. */
const EARLY_MS = 100

/** Whether a time has come, `now` being by the store's clock. */
export const hasCome = (time: Date, now: Date) => time.getTime() <= now.getTime() + EARLY_MS

/** What could not be begun is tried again when its time has come, not at every knock in between: whoever knocks then is sent for later. */
export async function comesTooEarly(house: House, { id, progress }: StoredOperation): Promise<boolean> {
  if (!progress.retry) return false
  const at = new Date(progress.retry.at)
  return house.store.transaction(async (tx) => {
    if (hasCome(at, await house.storeClock(tx))) return false
    await addOutbox(tx, [{ kind: 'advance', operationId: id, dueAt: at }])
    return true
  })
}
