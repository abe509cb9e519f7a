import { setTimeout as pause } from 'node:timers/promises'
import { REQUESTER } from '../crash/engine.ts'
import type { Effect } from '../crash/outside.ts'
import type { Moment } from '../crash/points.ts'
import type { Befallen } from './conduct.ts'
import type { Crew } from './crew.ts'
import { CLOCK_MS, type Fault } from './schedule.ts'

/** A fault that comes when a certain call passes, instead of by the clock: some of our own faults show under no other. */
export interface Aim {
  /** `slow`: its clock is ten minutes slow. `cancelled`: killed; its change is cancelled, and what was passing arrives when that is over. */
  readonly kind: 'killed' | 'paused' | 'slow' | 'cancelled'
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
  // Held up on its way for as long as anybody knows of it.
  'call-off-forgotten': { kind: 'cancelled', passing: WRITE, moment: 'before' },
  // What is held from now on is held until a time that is past.
  'clock-believed': { kind: 'slow', passing: WRITE, moment: 'after' },
}

/** Who takes over has begun and written by then: the lease has run out, and a sweep or a check for the stalled has come round. */
const LEASES_ASLEEP = 2.5
const DOWN_MS = 50
/** What is held up arrives after this at the latest, should its change not come to an end. */
const LEASES_UNDER_WAY = 6
const LOOK_MS = 100
/** Says of a write that it will not happen any more. */
const CALLED_OFF = '!'

/** Brings the aim's fault about wherever it passes, one at a time, so that somebody is there to take over. */
export class Archer {
  readonly struck: Befallen[] = []
  /** Operations that it had cancelled. */
  readonly cancelled: string[] = []
  readonly #late: Effect[] = []
  readonly #aim: Aim
  readonly #leaseMs: number
  #busy = true

  /** It waits until it is told to begin. */
  constructor(aim: Aim, leaseMs: number) {
    this.#aim = aim
    this.#leaseMs = leaseMs
  }

  begin(): void {
    this.#busy = false
  }

  stop(): void {
    this.#busy = true
  }

  /** Whether a write that was late for its operation's end happened all the same. */
  hasLetThrough(effects: readonly Effect[]): boolean {
    return this.#late.some((late) => effects.some(({ mark, atMs }) => mark === late.mark && atMs >= late.atMs))
  }

  /**
   * Resolves with whether the caller is gone and needs no answer, when it is to be answered. `agent`: the worker's index; `mark`: the operation and
   * step of what is passing.
   */
  async strike(crew: Crew, passing: string, moment: Moment, agent: string, mark = ''): Promise<boolean> {
    const { kind } = this.#aim
    if (this.#busy || passing !== this.#aim.passing || moment !== this.#aim.moment) return false
    if (mark.startsWith(CALLED_OFF)) return false
    this.#busy = true
    const worker = Number(agent)
    const fault: Fault =
      kind === 'slow'
        ? { kind: 'clock', worker, aheadMs: -CLOCK_MS }
        : { kind: kind === 'cancelled' ? 'killed' : kind, worker }
    const fromMs = Date.now()
    const took = await crew.begin(fault)
    const over = (async () => {
      if (took) await pause(fault.kind === 'killed' ? DOWN_MS : LEASES_ASLEEP * this.#leaseMs)
      await crew.end(fault)
      if (took && kind === 'cancelled') await this.#cancel(crew, mark)
      if (took) this.struck.push({ fault, fromMs, toMs: Date.now() })
      this.#busy = false
    })()
    // Under a wrong clock it goes on at once.
    if (kind !== 'slow') await over
    return took && kind === 'killed'
  }

  /** Until it is over, however it ends. */
  async #cancel(crew: Crew, mark: string): Promise<void> {
    const [operation = ''] = mark.split('/')
    this.cancelled.push(operation)
    const patienceMs = LEASES_UNDER_WAY * this.#leaseMs
    const late = Date.now() + patienceMs
    const click = { key: `aimed-${operation}`, operation, person: REQUESTER, verb: 'cancel' as const }
    let isOpen = true
    for (; isOpen && Date.now() < late; await pause(LOOK_MS)) {
      // The same click, until somebody has heard it.
      await crew.call({ click }, patienceMs)
      const answer = await crew.call({ open: true }, patienceMs)
      isOpen = answer?.open?.some(({ id }) => id === operation) ?? true
    }
    if (!isOpen) this.#late.push({ mark, atMs: Date.now() })
  }
}
