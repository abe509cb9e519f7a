/** What time it is by the store's clock, the one that all processes share. */
export interface StoreTime {
  /** Counted on from what the store said last; before it has said anything, what this process's own clock says. */
  readonly now: () => Date
  /** Has the store asked where that is due. Never throws: a store that does not answer is noticed by whoever needs it. */
  readonly keep: () => Promise<void>
}

interface Said {
  readonly storeMs: number
  readonly clockMs: number
  readonly countedMs: number
  /** By the count: when it is asked next. */
  readonly untilMs: number
}

const ASK_EVERY_MS = 60_000
/** Nobody knows when in between an answer was true that took longer than this: the next one is asked for sooner. */
const SURE_MS = 1_000
const UNSURE_MS = 5_000

/**
 * Keeps the store's time at hand without asking for it each time. In between it is counted by what nobody can set (`count`, in ms): whoever sets
 * this process's `clock` moves no hold, lock, freeze or expiry. When the clock goes another way than the count, it was set, or the machine
 * slept, which a count may not notice: then the store is asked at once.
 */
export function storeTime(options: {
  readonly ask: () => Promise<Date>
  readonly clock: () => Date
  readonly count?: () => number
}): StoreTime {
  const { ask, clock, count = () => performance.now() } = options
  let said: Said | undefined
  let asking: Promise<void> | undefined

  async function askStore(): Promise<void> {
    const began = count()
    try {
      const storeMs = (await ask()).getTime()
      const countedMs = count()
      const untilMs = countedMs + (countedMs - began > SURE_MS ? UNSURE_MS : ASK_EVERY_MS)
      said = { storeMs, countedMs, clockMs: clock().getTime(), untilMs }
    } catch {
      // What it said before goes on.
    } finally {
      asking = undefined
    }
  }

  const goesItsOwnWay = ({ clockMs, countedMs }: Said) =>
    Math.abs(clock().getTime() - clockMs - (count() - countedMs)) > SURE_MS

  return {
    now: () => (said ? new Date(said.storeMs + Math.round(count() - said.countedMs)) : clock()),
    async keep() {
      const mustKnow = !said || goesItsOwnWay(said)
      if (said && !mustKnow && count() < said.untilMs) return
      asking ??= askStore()
      // Its age alone makes an answer no worse: nobody waits for the next one.
      if (mustKnow) await asking
    },
  }
}

const LOOK_EVERY_MS = 1_000

/** The store's time for whoever cannot ask for it each time: kept from now on, until it is stopped. */
export async function keptStoreTime(
  options: Parameters<typeof storeTime>[0],
): Promise<{ readonly now: () => Date; stop(): void }> {
  const time = storeTime(options)
  await time.keep()
  const timer = setInterval(() => void time.keep(), LOOK_EVERY_MS)
  timer.unref()
  return { now: time.now, stop: () => clearInterval(timer) }
}
