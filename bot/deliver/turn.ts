import type { Logger } from '../../core/ports/logger.ts'
import { holdSenderLease, releaseSenderLease } from '../../db/sender-leases.ts'
import type { Store } from '../../db/store.ts'

const LEASE_MS = 10_000
const RENEW_MS = 3_000

/** Whose turn it is to send to a place that wants one sender among all processes. */
export interface Turn {
  /** Whether it is ours now; takes it when nobody has it. Throws when the store does not answer. */
  ours(): Promise<boolean>
  /** Lets the next process have it at once. */
  close(): Promise<void>
}

export const everybodysTurn: Turn = { ours: async () => true, close: async () => undefined }

/** A turn that is kept by renewing it every few seconds, also while a round of sending takes long. */
export function takeTurns(options: {
  readonly store: Store
  readonly place: string
  readonly owner: string
  /** It was ours, and another has it or may have it. */
  readonly lost: () => void
  readonly log: Logger
}): Turn {
  const { store, place, owner, lost, log } = options
  let isOurs = false
  let heldAt = 0
  const note = (ours: boolean) => {
    if (isOurs && !ours) lost()
    isOurs = ours
  }
  const hold = async () => {
    // From before the question: the lease ends no earlier than that.
    const now = performance.now()
    note(await holdSenderLease(store.db, { place, owner, leaseMs: LEASE_MS }))
    heldAt = now
    return isOurs
  }
  const timer = setInterval(() => {
    if (!isOurs) return
    // The store is away, at least for us.
    if (performance.now() - heldAt > LEASE_MS) return note(false)
    hold().catch((error: unknown) => log.debug({ err: error, place }, 'the turn could not be renewed'))
  }, RENEW_MS)
  timer.unref()
  return {
    ours: async () => (isOurs && performance.now() - heldAt < LEASE_MS / 2) || hold(),
    async close() {
      clearInterval(timer)
      if (!isOurs) return
      const given = releaseSenderLease(store.db, { place, owner })
      await given.catch((error: unknown) => log.debug({ err: error, place }, 'the turn could not be given back'))
    },
  }
}
