/** Something done again and again, never twice at once. */
export interface Loop {
  /** Do it now, or right after the round that is running. */
  wake(): void
  /** No further round; resolves when the running one is over. */
  stop(): Promise<void>
}

export interface LoopOptions {
  /** Pause after a round that was not woken. */
  readonly everyMs: number
  /** One round. `again` means that there is more to do at once. */
  readonly round: () => Promise<'again' | 'idle'>
  /** A round failed; the next one waits longer each time, up to `slowestMs`, and by chance up to half less: many loops fail at once. */
  readonly failed: (error: unknown) => void
  readonly slowestMs?: number
  /** From 0 to 1. Absent: by chance. */
  readonly random?: () => number
}

/** Runs the first round at once. */
export function startLoop({ everyMs, round, failed, slowestMs = 10_000, random = Math.random }: LoopOptions): Loop {
  let stopped = false
  let woken = false
  let interrupt = () => {}
  let pauseMs = everyMs
  // A hint must not turn a back-off into a storm.
  let backingOff = false

  function pause(): Promise<void> {
    if (stopped || (woken && !backingOff)) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, backingOff ? pauseMs * (1 - random() / 2) : pauseMs)
      interrupt = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function run(): Promise<void> {
    while (!stopped) {
      woken = false
      try {
        const next = await round()
        pauseMs = everyMs
        backingOff = false
        if (next === 'again') continue
      } catch (error) {
        failed(error)
        pauseMs = Math.min(Math.max(pauseMs, 250) * 2, Math.max(slowestMs, everyMs))
        backingOff = true
        woken = false
      }
      await pause()
    }
  }

  const whole = run()
  return {
    wake() {
      woken = true
      if (!backingOff) interrupt()
    },
    async stop() {
      stopped = true
      interrupt()
      await whole
    },
  }
}
