import type { PersonId } from '../../core/ids.ts'
import type { SurfaceName } from '../../core/person.ts'
import type { Logger } from '../../core/ports/logger.ts'
import { hurryRefused, type Reopened } from '../../db/due-deliveries.ts'
import type { Store } from '../../db/store.ts'
import { createLanes } from '../conversation/lanes.ts'

/** Tells the sender that a place may take cards again that it refused. Never throws, and nobody waits for it. */
export interface Reopening {
  /** Somebody spoke there, and we heard it. */
  heard(place: string, person?: PersonId): void
  /** We were let in: to a channel, to a workspace, or (without one) to somewhere on the surface. */
  letIn(place?: string): void
  close(): Promise<void>
}

/** People speak all the time; a place that hears us and refuses us all the same is not to be asked at every word. */
const AGAIN_MS = 2 * 60_000
const MOST_KEPT = 10_000
const MOST_WAITING = 1_000

export function createReopening(options: {
  readonly store: Store
  readonly surface: SurfaceName
  readonly clock: () => Date
  readonly log: Logger
}): Reopening {
  const { store, surface, clock, log } = options
  const askedAt = new Map<string, number>()
  let isOpen = true
  const lanes = createLanes(1, (error) =>
    log.debug({ err: error, surface }, 'cards that were refused wait on, because the store did not answer'),
  )
  const hurry = (reopened: Omit<Reopened, 'surface' | 'now'>, forget = () => {}) => {
    if (lanes.size >= MOST_WAITING) return forget()
    lanes.add('', async () => {
      // A store that is away must not hold up the end of the program.
      if (!isOpen) return
      try {
        await hurryRefused(store.db, { surface, now: clock(), ...reopened })
      } catch (error) {
        forget()
        throw error
      }
    })
  }
  return {
    heard(place, person) {
      const now = performance.now()
      if (now - (askedAt.get(place) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return
      askedAt.delete(place)
      askedAt.set(place, now)
      for (const oldest of askedAt.keys()) {
        if (askedAt.size <= MOST_KEPT) break
        askedAt.delete(oldest)
      }
      hurry({ place, person }, () => askedAt.delete(place))
    },
    letIn: (place) => hurry(place === undefined ? {} : { place, named: true }),
    close() {
      isOpen = false
      return lanes.idle()
    },
  }
}
