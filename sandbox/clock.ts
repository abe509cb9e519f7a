/** Something that was asked of the clock and can be called off. */
export interface Timer {
  cancel(): void
}

interface Entry {
  dueMs: number
  order: number
  run: (() => void) | undefined
}

export interface ClockOptions {
  /** Simulated time at the beginning, in milliseconds since 1970; the present when left out. */
  startAtMs?: number
  /** Called when a timer throws; the clock goes on. Rethrows when left out and the clock is driven by hand. */
  onError?: (error: unknown) => void
}

const longestRealWaitMs = 60_000

/**
 * Simulated time. It stands still until somebody drives it: `advance(ms)` by hand (tests; everything due runs in
 * order, each at its own instant), or `run(speed)` along with real time at `speed` simulated seconds per second.
 */
export class SimulatedClock {
  #entries: Entry[] = []
  #order = 0
  #nowMs: number
  #speed = 1
  #live = false
  #paused = false
  #realAnchorMs = 0
  #anchorMs = 0
  #wake: NodeJS.Timeout | undefined
  #draining = false
  readonly #onError: ((error: unknown) => void) | undefined

  constructor(options: ClockOptions = {}) {
    this.#nowMs = options.startAtMs ?? Date.now()
    this.#onError = options.onError
  }

  /** Milliseconds since 1970, simulated; never goes back. */
  now(): number {
    if (this.#live && !this.#paused && !this.#draining) this.#nowMs = Math.max(this.#nowMs, this.#liveNow())
    return this.#nowMs
  }

  date(): Date {
    return new Date(this.now())
  }

  get speed(): number {
    return this.#speed
  }

  get paused(): boolean {
    return this.#paused
  }

  /** Runs `run` once simulated time reaches `dueMs`; equal instants run in the order they were asked for. */
  at(dueMs: number, run: () => void): Timer {
    const entry: Entry = { dueMs, order: this.#order++, run }
    this.#push(entry)
    if (this.#entries[0] === entry) this.#arm()
    return {
      cancel: () => {
        entry.run = undefined
      },
    }
  }

  after(delayMs: number, run: () => void): Timer {
    return this.at(this.now() + Math.max(0, delayMs), run)
  }

  /** Runs at every multiple of `periodMs` of simulated time; skips those missed by a jump. */
  every(periodMs: number, run: () => void): Timer {
    let cancelled = false
    let timer: Timer
    const plan = () => {
      timer = this.at((Math.floor(this.now() / periodMs) + 1) * periodMs, () => {
        if (cancelled) return
        plan()
        run()
      })
    }
    plan()
    return {
      cancel: () => {
        cancelled = true
        timer.cancel()
      },
    }
  }

  /** Drives time by hand: everything due within the next `ms` runs, in order. */
  advance(ms: number): void {
    if (this.#live) throw new Error('This clock runs with real time; call stop() before advance().')
    const targetMs = this.#nowMs + ms
    this.#drain(targetMs)
    this.#nowMs = Math.max(this.#nowMs, targetMs)
  }

  /** Moves time without running anything; what fell due meanwhile runs next, at the new instant. Never goes back. */
  jumpTo(timeMs: number): void {
    this.#nowMs = Math.max(this.now(), timeMs)
    this.#anchor()
    this.#arm()
  }

  /** For setting up a past only: puts the clock back while nothing has been asked of it yet. */
  rewindTo(timeMs: number): void {
    if (this.#live) throw new Error('This clock runs with real time; call stop() before rewindTo().')
    this.#nowMs = timeMs
  }

  /** Goes along with real time at `speed` simulated seconds per second. */
  run(speed = this.#speed): void {
    this.#live = true
    this.#anchor()
    this.setSpeed(speed)
  }

  get live(): boolean {
    return this.#live
  }

  /** Back to standing still. */
  stop(): void {
    this.now()
    this.#live = false
    clearTimeout(this.#wake)
  }

  /** @throws RangeError unless 0.01 ≤ speed ≤ 3600. */
  setSpeed(speed: number): void {
    if (!(speed >= 0.01 && speed <= 3600)) throw new RangeError(`Speed must be between 0.01 and 3600, not ${speed}.`)
    this.now()
    this.#anchor()
    this.#speed = speed
    this.#arm()
  }

  pause(): void {
    this.now()
    this.#paused = true
    clearTimeout(this.#wake)
  }

  resume(): void {
    if (!this.#paused) return
    this.#anchor()
    this.#paused = false
    this.#arm()
  }

  #anchor(): void {
    this.#realAnchorMs = performance.now()
    this.#anchorMs = this.#nowMs
  }

  #liveNow(): number {
    return this.#anchorMs + (performance.now() - this.#realAnchorMs) * this.#speed
  }

  #arm(): void {
    if (!this.#live || this.#paused || this.#draining) return
    clearTimeout(this.#wake)
    const next = this.#entries[0]
    if (next === undefined) return
    const realWaitMs = Math.max(0, (next.dueMs - this.now()) / this.#speed)
    this.#wake = setTimeout(
      () => {
        this.#drain(this.#liveNow())
        this.#arm()
      },
      Math.min(Math.ceil(realWaitMs), longestRealWaitMs),
    )
  }

  #drain(untilMs: number): void {
    this.#draining = true
    try {
      for (let next = this.#entries[0]; next !== undefined && next.dueMs <= untilMs; next = this.#entries[0]) {
        this.#pop()
        if (next.run === undefined) continue
        this.#nowMs = Math.max(this.#nowMs, next.dueMs)
        try {
          next.run()
        } catch (error) {
          if (this.#onError === undefined) throw error
          this.#onError(error)
        }
        if (this.#paused) break
      }
    } finally {
      this.#draining = false
    }
  }

  // A binary heap on (due, order): thousands of pending timers stay cheap.
  #before(left: number, right: number): boolean {
    const a = this.#entries[left]
    const b = this.#entries[right]
    if (a === undefined || b === undefined) return false
    return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)
  }

  #swap(left: number, right: number): void {
    const a = this.#entries[left]
    const b = this.#entries[right]
    if (a === undefined || b === undefined) return
    this.#entries[left] = b
    this.#entries[right] = a
  }

  #push(entry: Entry): void {
    let index = this.#entries.push(entry) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#before(index, parent)) break
      this.#swap(index, parent)
      index = parent
    }
  }

  #pop(): void {
    const last = this.#entries.pop()
    if (last === undefined || this.#entries.length === 0) return
    this.#entries[0] = last
    for (let index = 0; ; ) {
      const left = 2 * index + 1
      let smallest = index
      if (this.#before(left, smallest)) smallest = left
      if (this.#before(left + 1, smallest)) smallest = left + 1
      if (smallest === index) return
      this.#swap(index, smallest)
      index = smallest
    }
  }
}
