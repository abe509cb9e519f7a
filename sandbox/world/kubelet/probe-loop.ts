import type { SimulatedClock, Timer } from '../../clock.ts'
import type { Probe } from '../../store/kinds.ts'

export interface ProbeLoopOptions {
  clock: SimulatedClock
  probe: Probe
  startedMs: number
  /** Why the probe fails now; undefined when it succeeds. */
  check: () => string | undefined
  /** When the answer will change by itself next, if ever. */
  nextChangeMs: () => number | undefined
  onFailure: (message: string) => void
  /** The threshold was reached: the probe now counts as succeeded or failed. */
  onVerdict: (succeeded: boolean) => void
}

/**
 * Asks every periodSeconds, as the kubelet does, and reports after successThreshold or failureThreshold equal answers.
 * While the answer cannot change it does not ask at all: a calm cluster costs nothing.
 */
export class ProbeLoop {
  readonly #options: ProbeLoopOptions
  readonly #periodMs: number
  #timer: Timer | undefined
  #succeeded = 0
  #failed = 0
  #verdict: boolean | undefined
  #stopped = false

  constructor(options: ProbeLoopOptions) {
    this.#options = options
    this.#periodMs = (options.probe.periodSeconds ?? 10) * 1000
    this.#planAt(options.startedMs + (options.probe.initialDelaySeconds ?? 0) * 1000)
  }

  /** Something outside changed: ask again at the next turn. */
  wake(): void {
    if (!this.#stopped) this.#planAt(this.#options.clock.now())
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  /** The first turn at or after an instant; turns lie on a grid that begins with the first one. */
  #planAt(atMs: number): void {
    const { clock, startedMs, probe } = this.#options
    const firstMs = startedMs + (probe.initialDelaySeconds ?? 0) * 1000
    const turns = Math.max(0, Math.ceil((Math.max(atMs, clock.now()) - firstMs) / this.#periodMs))
    this.#timer?.cancel()
    this.#timer = clock.at(firstMs + turns * this.#periodMs, () => this.#ask())
  }

  #ask(): void {
    const { clock, probe, check, onFailure, onVerdict, nextChangeMs } = this.#options
    const failure = check()
    if (failure === undefined) {
      this.#succeeded++
      this.#failed = 0
    } else {
      this.#failed++
      this.#succeeded = 0
      onFailure(failure)
    }
    const passed = this.#succeeded >= (probe.successThreshold ?? 1)
    const broken = this.#failed >= (probe.failureThreshold ?? 3)
    if ((passed && this.#verdict !== true) || (broken && this.#verdict !== false)) {
      this.#verdict = passed
      onVerdict(passed)
    }
    if (this.#stopped) return
    if (!(passed && this.#verdict)) {
      this.#planAt(clock.now() + this.#periodMs)
      return
    }
    const changeMs = nextChangeMs()
    if (changeMs !== undefined) this.#planAt(changeMs)
  }
}
