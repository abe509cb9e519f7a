import type { Trouble } from '../../../test/_harness/relay.ts'
import type { Random } from '../frame/random.ts'
import type { Backend } from '../prover.ts'

/** What a worker reaches over a wire that is ours to trouble. */
export type Wire = 'database' | 'queue' | 'cluster'

export type Fault =
  | { readonly kind: 'killed'; readonly worker: number }
  | { readonly kind: 'paused'; readonly worker: number }
  | { readonly kind: 'clock'; readonly worker: number; readonly aheadMs: number }
  | { readonly kind: 'wire'; readonly wire: Wire; readonly worker: number | 'all'; readonly trouble: Trouble }
  | { readonly kind: 'disk full' }

export interface Scheduled {
  readonly fault: Fault
  readonly atMs: number
  /** How long it lasts. */
  readonly forMs: number
}

/** From the beginning of one fault to that of the next. */
const GAP_MS = { least: 200, most: 800 }
/** So wrong is a clock, before or behind. */
export const CLOCK_MS = 10 * 60_000
const TRIES = 8

export const WIRES: Readonly<Record<Backend, readonly Wire[]>> = {
  pglite: ['cluster'],
  // The queue is in the database.
  postgres: ['database', 'cluster'],
  redis: ['database', 'queue', 'cluster'],
}

export interface ScheduleOptions {
  readonly backend: Backend
  readonly workers: number
  readonly spanMs: number
  /** A pause of twice this has another worker take over. */
  readonly leaseMs: number
  readonly disk: boolean
  /** Faults begin so many times as far apart. */
  readonly pace: number
}

/** All faults of a seed, in the order in which they begin. What is troubled already is left alone meanwhile. */
export function scheduleOf(random: Random, options: ScheduleOptions): Scheduled[] {
  const all: Scheduled[] = []
  for (let atMs = options.pace * GAP_MS.least; atMs < options.spanMs; ) {
    for (let tries = 0; tries < TRIES; tries++) {
      const one = { ...draw(random, options), atMs }
      if (all.some((other) => other.atMs + other.forMs > atMs && meet(other.fault, one.fault))) continue
      all.push(one)
      break
    }
    atMs += options.pace * (GAP_MS.least + random.below(GAP_MS.most - GAP_MS.least + 1))
  }
  return all
}

function draw(random: Random, { backend, workers, leaseMs, disk }: ScheduleOptions): Omit<Scheduled, 'atMs'> {
  const alone = workers === 1
  const worker = random.below(workers)
  const between = (least: number, most: number) => least + random.below(most - least + 1)
  // Every second one outlasts the lease, where somebody else could take over.
  const pauseMs = () => (alone || random.below(2) === 0 ? between(200, 1_200) : between(1.2 * leaseMs, 2.2 * leaseMs))
  const kinds = ['wire', 'wire', 'wire', 'wire', 'paused', 'paused', 'clock', 'clock', 'killed'] as const
  // Who is alone takes seconds to be back, and nothing happens meanwhile.
  const kind = alone && random.below(3) === 0 ? 'wire' : random.pick(disk ? [...kinds, 'disk full' as const] : kinds)
  switch (kind) {
    case 'killed':
      return { fault: { kind, worker }, forMs: between(50, 800) }
    case 'paused':
      return { fault: { kind, worker }, forMs: pauseMs() }
    case 'clock':
      return { fault: { kind, worker, aheadMs: random.pick([CLOCK_MS, -CLOCK_MS]) }, forMs: between(500, 3_000) }
    case 'disk full':
      return { fault: { kind }, forMs: between(200, 1_200) }
    case 'wire': {
      const trouble = troubleOf(random)
      const who = alone || random.below(3) > 0 ? worker : 'all'
      return { fault: { kind, wire: random.pick(WIRES[backend]), worker: who, trouble }, forMs: between(150, 1_500) }
    }
  }
}

const troubleOf = (random: Random): Trouble => {
  const is = random.pick(['slow', 'reset', 'silent', 'refused'] as const)
  return is === 'slow' ? { is, ms: 30 + random.below(400) } : { is }
}

/** Whether two faults are of the same thing. */
function meet(one: Fault, other: Fault): boolean {
  if (one.kind === 'disk full' || other.kind === 'disk full') return one.kind === other.kind
  if (one.kind === 'wire' || other.kind === 'wire') {
    if (one.kind !== 'wire' || other.kind !== 'wire' || one.wire !== other.wire) return false
    return one.worker === other.worker || one.worker === 'all' || other.worker === 'all'
  }
  // A process is ended, paused or told another time, not two of these at once.
  return one.worker === other.worker
}

export function sayFault({ fault, atMs, forMs }: Scheduled): string {
  return `at ${(atMs / 1000).toFixed(1)} s for ${forMs} ms: ${sayWhat(fault)}`
}

function sayWhat(fault: Fault): string {
  switch (fault.kind) {
    case 'killed':
    case 'paused':
      return `worker ${fault.worker} ${fault.kind}`
    case 'clock':
      return `worker ${fault.worker}'s clock ${fault.aheadMs > 0 ? '+' : '−'}${Math.abs(fault.aheadMs) / 60_000} min`
    case 'disk full':
      return fault.kind
    case 'wire': {
      const { wire, worker, trouble } = fault
      return `${wire} ${trouble.is}${trouble.is === 'slow' ? ` by ${trouble.ms} ms` : ''} for ${worker === 'all' ? 'all' : `worker ${worker}`}`
    }
  }
}

/** What kind of fault it is, for counting. */
export const nameOf = (fault: Fault): string =>
  fault.kind === 'wire' ? `${fault.wire} ${fault.trouble.is}` : fault.kind
