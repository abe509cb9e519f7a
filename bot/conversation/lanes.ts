/** Work in lanes: in order within a lane, side by side across lanes, never more than `concurrent` at once. */
export interface Lanes {
  /** Work waiting or under way. */
  readonly size: number
  add(lane: string, work: () => Promise<void>): void
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>
}

/** `failed` hears of work that threw; the lane goes on. */
export function createLanes(concurrent: number, failed: (error: unknown) => void): Lanes {
  const waiting = new Map<string, (() => Promise<void>)[]>()
  // Lanes whose next work may start, oldest first, so that one busy thread does not starve the others.
  const ready: string[] = []
  let running = 0
  let size = 0
  let idlers: (() => void)[] = []

  const start = () => {
    while (running < concurrent) {
      const lane = ready.shift()
      const work = lane === undefined ? undefined : waiting.get(lane)?.shift()
      if (lane === undefined || !work) return
      running++
      void run(lane, work)
    }
  }
  const run = async (lane: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      failed(error)
    }
    running--
    size--
    if (waiting.get(lane)?.length) ready.push(lane)
    else waiting.delete(lane)
    if (size === 0) {
      for (const resolve of idlers) resolve()
      idlers = []
    }
    start()
  }
  return {
    get size() {
      return size
    },
    add(lane, work) {
      size++
      const queue = waiting.get(lane)
      if (queue) queue.push(work)
      else {
        waiting.set(lane, [work])
        ready.push(lane)
      }
      start()
    },
    idle: () => (size === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  }
}
