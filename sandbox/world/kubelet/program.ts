import type { Behaviour } from '../behaviour.ts'
import type { ServiceFaults } from '../faults.ts'

const crashFaultDelayMs = 2000

export interface PlannedExit {
  atMs: number
  exitCode: number
  reason: 'Error' | 'OOMKilled' | 'Completed'
}

export interface ProgramOptions {
  behaviour: Behaviour
  startedMs: number
  /** Resident memory before any leak, and the limit that kills; MiB. */
  memoryBaseMiB: number
  memoryLimitMiB: number
}

/** One run of a container's program: what it would answer and when it will end, given its version and the faults. */
export class Program {
  readonly behaviour: Behaviour
  readonly startedMs: number
  readonly #options: ProgramOptions
  #faults: ServiceFaults
  #faultsSinceMs: number
  #leakedMiB = 0
  #settledMs: number

  constructor(options: ProgramOptions, faults: ServiceFaults) {
    this.#options = options
    this.behaviour = options.behaviour
    this.startedMs = options.startedMs
    this.#settledMs = options.startedMs
    this.#faults = faults
    this.#faultsSinceMs = options.startedMs
  }

  /** New faults hold from now on. */
  setFaults(faults: ServiceFaults, nowMs: number): void {
    this.#leakedMiB = this.#leakedAt(nowMs)
    this.#settledMs = nowMs
    if (faults.crash && !this.#faults.crash) this.#faultsSinceMs = nowMs
    this.#faults = faults
  }

  get listeningFromMs(): number {
    return this.startedMs + this.behaviour.startSeconds * 1000
  }

  #hangsFromMs(): number {
    const seconds = this.behaviour.hangAfterSeconds
    return seconds === undefined ? Number.POSITIVE_INFINITY : this.startedMs + seconds * 1000
  }

  isHung(nowMs: number): boolean {
    return nowMs >= this.#hangsFromMs()
  }

  isListening(nowMs: number): boolean {
    return nowMs >= this.listeningFromMs && !this.isHung(nowMs)
  }

  /** Why an HTTP probe fails now, in the kubelet's words; undefined when it succeeds. */
  probeFailure(kind: 'startup' | 'readiness' | 'liveness', url: string, nowMs: number): string | undefined {
    if (nowMs < this.listeningFromMs) {
      return `Get "${url}": dial tcp ${new URL(url).host}: connect: connection refused`
    }
    if (this.isHung(nowMs)) {
      return `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`
    }
    const refuses = this.behaviour.neverReady === true || this.#faults.unready
    return kind === 'readiness' && refuses ? 'HTTP probe failed with statuscode: 503' : undefined
  }

  /** When a probe's answer will change by itself next. */
  nextChangeMs(nowMs: number): number | undefined {
    const changes = [this.listeningFromMs, this.#hangsFromMs()].filter((atMs) => atMs > nowMs && Number.isFinite(atMs))
    return changes.length === 0 ? undefined : Math.min(...changes)
  }

  #leakPerMs(): number {
    return ((this.behaviour.leakMiBPerMinute ?? 0) + this.#faults.leakMiBPerMinute) / 60_000
  }

  #leakedAt(nowMs: number): number {
    return this.#leakedMiB + this.#leakPerMs() * Math.max(0, nowMs - this.#settledMs)
  }

  /** Resident memory in MiB, never above the limit. */
  memoryMiB(nowMs: number): number {
    return Math.min(this.#options.memoryLimitMiB, this.#options.memoryBaseMiB + this.#leakedAt(nowMs))
  }

  /** How it will end if nothing changes. */
  plannedExit(): PlannedExit | undefined {
    const exits: PlannedExit[] = []
    const { crash } = this.behaviour
    if (crash !== undefined) {
      exits.push({ atMs: this.startedMs + crash.afterSeconds * 1000, exitCode: crash.exitCode, reason: 'Error' })
    }
    if (this.#faults.crash) {
      const atMs = Math.max(this.#faultsSinceMs, this.startedMs + crashFaultDelayMs)
      exits.push({ atMs, exitCode: 1, reason: 'Error' })
    }
    const perMs = this.#leakPerMs()
    if (perMs > 0) {
      const room = this.#options.memoryLimitMiB - this.#options.memoryBaseMiB - this.#leakedMiB
      exits.push({ atMs: this.#settledMs + Math.max(0, room) / perMs, exitCode: 137, reason: 'OOMKilled' })
    }
    return exits.filter((exit) => Number.isFinite(exit.atMs)).sort((left, right) => left.atMs - right.atMs)[0]
  }
}
