import { setTimeout as pause } from 'node:timers/promises'
import type { Moment } from '../crash/points.ts'
import type { Befallen } from './conduct.ts'
import type { Crew } from './crew.ts'
import { CLOCK_MS, type Fault } from './schedule.ts'

/** A fault that comes when a certain call passes, instead of by the clock: some of our own faults show under no other. */
export interface Aim {
  /** `slow`: its clock is ten minutes slow. */
  readonly kind: 'killed' | 'paused' | 'slow'
  readonly passing: string
  readonly moment: Moment
}

const WRITE = 'outside: PATCH deployment'

/** By the sabotage that it shows. */
export const AIMS: Readonly<Partial<Record<string, Aim>>> = {
  // Its write is done, and it hears so when another worker has finished the step.
  'fence-off': { kind: 'paused', passing: WRITE, moment: 'after' },
  // Sent, and not there before another worker has taken over and written.
  'precondition-off': { kind: 'paused', passing: WRITE, moment: 'before' },
  // The stroke has rung and has no result; at the second, the first one has.
  'ledger-off': { kind: 'killed', passing: 'outside: POST bell', moment: 'after' },
  // The same: whoever is asked whether it rang says no, and it rings again. The cluster would refuse the second write by its precondition.
  'probe-lies': { kind: 'killed', passing: 'outside: POST bell', moment: 'after' },
  // What is held from now on is held until a time that is past.
  'clock-believed': { kind: 'slow', passing: WRITE, moment: 'after' },
}

/** Who takes over has begun and written by then: the lease has run out, and a sweep or a check for the stalled has come round. */
const LEASES_ASLEEP = 2.5
const DOWN_MS = 50

/** Brings the aim's fault about wherever it passes, one at a time, so that somebody is there to take over. */
export class Archer {
  readonly struck: Befallen[] = []
  readonly #aim: Aim
  readonly #asleepMs: number
  #busy = true

  /** It waits until it is told to begin. */
  constructor(aim: Aim, leaseMs: number) {
    this.#aim = aim
    this.#asleepMs = LEASES_ASLEEP * leaseMs
  }

  begin(): void {
    this.#busy = false
  }

  stop(): void {
    this.#busy = true
  }

  /** Resolves with whether the caller is gone and needs no answer, when it is to be answered. `agent`: the worker's index. */
  async strike(crew: Crew, passing: string, moment: Moment, agent: string): Promise<boolean> {
    const { kind } = this.#aim
    if (this.#busy || passing !== this.#aim.passing || moment !== this.#aim.moment) return false
    this.#busy = true
    const worker = Number(agent)
    const fault: Fault = kind === 'slow' ? { kind: 'clock', worker, aheadMs: -CLOCK_MS } : { kind, worker }
    const fromMs = Date.now()
    const took = await crew.begin(fault)
    const over = (async () => {
      if (took) await pause(kind === 'killed' ? DOWN_MS : this.#asleepMs)
      await crew.end(fault)
      if (took) this.struck.push({ fault, fromMs, toMs: Date.now() })
      this.#busy = false
    })()
    // Under a wrong clock it goes on at once.
    if (kind !== 'slow') await over
    return took && kind === 'killed'
  }
}
