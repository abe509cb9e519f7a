import type { SimulatedClock } from '../clock.ts'

/** What the control page can do to one service in one environment. Zero, false and empty mean: nothing. */
export interface ServiceFaults {
  /** Its containers end at once, and again shortly after every restart. */
  crash: boolean
  /** Answers its readiness probe with 503. */
  unready: boolean
  /** Share of requests, 0…1, it fails on top of what its version does. */
  errorShare: number
  /** Added to its own latency, in milliseconds. */
  latencyMs: number
  /** Memory lost on top of what its version does, in MiB per minute. */
  leakMiBPerMinute: number
  /** Services it cannot reach any more. */
  unreachable: string[]
}

export const noFaults: ServiceFaults = {
  crash: false,
  unready: false,
  errorShare: 0,
  latencyMs: 0,
  leakMiBPerMinute: 0,
  unreachable: [],
}

interface Period {
  fromMs: number
  faults: ServiceFaults
}

export interface FaultEntry {
  service: string
  namespace: string
  faults: ServiceFaults
}

function isQuiet(faults: ServiceFaults): boolean {
  return JSON.stringify(faults) === JSON.stringify(noFaults)
}

/** The faults that are set, and when they were: logs are written from the past. */
export class FaultBook {
  readonly #clock: SimulatedClock
  readonly #history = new Map<string, Period[]>()
  readonly #listeners = new Set<(service: string, namespace: string) => void>()

  constructor(clock: SimulatedClock) {
    this.#clock = clock
  }

  of(service: string | undefined, namespace: string | undefined, atMs = this.#clock.now()): ServiceFaults {
    const periods = this.#history.get(`${namespace}/${service}`)
    return periods?.findLast((period) => period.fromMs <= atMs)?.faults ?? noFaults
  }

  /** Changes some of a service's faults from now on. */
  set(service: string, namespace: string, change: Partial<ServiceFaults>): ServiceFaults {
    const faults = { ...this.of(service, namespace), ...change }
    const key = `${namespace}/${service}`
    const periods = this.#history.get(key) ?? []
    periods.push({ fromMs: this.#clock.now(), faults })
    this.#history.set(key, periods.slice(-50))
    for (const listener of this.#listeners) listener(service, namespace)
    return faults
  }

  /** Every service that has a fault now. */
  active(): FaultEntry[] {
    return [...this.#history.entries()].flatMap(([key, periods]) => {
      const faults = periods.at(-1)?.faults
      if (faults === undefined || isQuiet(faults)) return []
      const [namespace = '', service = ''] = key.split('/')
      return [{ service, namespace, faults }]
    })
  }

  clear(): void {
    for (const { service, namespace } of this.active()) this.set(service, namespace, noFaults)
  }

  onChange(listener: (service: string, namespace: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
