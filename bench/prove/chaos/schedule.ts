import type { Trouble } from '../../../test/_harness/relay.ts'
import type { Random } from '../frame/random.ts'
import type { Backend } from '../prover.ts'

/** What a worker reaches over a wire that is ours to trouble. */
export type Wire = 'database' | 'queue' | 'cluster' | 'chat'

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
/** Of the way to a chat service: with shorter pauses nothing would pass between them. */
const CHAT_GAP_MS = { least: 400, most: 2_000 }
/** Longer than a call to a chat service is waited for; what was sent arrives when nobody waits any more. */
const GIVEN_UP_MS = 13_000
/** Where there is time for that. */
const LONG_SPAN_MS = 10 * GIVEN_UP_MS

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
  /** People talk over a chat service, the way to which may be troubled as well. */
  readonly inChat: boolean
}

/** All faults of a seed, in the order in which they begin. What is troubled already is left alone meanwhile. */
export function scheduleOf(random: Random, options: ScheduleOptions): Scheduled[] {
  const faults = stream(random, options.spanMs, slowed(GAP_MS, options.pace), () => draw(random, options))
  // Beside the others, so that there are as many of those as where nobody talks in a chat.
  const inChat = options.inChat ? stream(random, options.spanMs, CHAT_GAP_MS, () => drawInChat(random, options)) : []
  return [...faults, ...inChat].sort((one, other) => one.atMs - other.atMs)
}

const slowed = ({ least, most }: typeof GAP_MS, pace: number) => ({ least: pace * least, most: pace * most })

function stream(
  random: Random,
  spanMs: number,
  gapMs: typeof GAP_MS,
  next: () => Omit<Scheduled, 'atMs'>,
): Scheduled[] {
  const all: Scheduled[] = []
  for (let atMs = gapMs.least; atMs < spanMs; ) {
    for (let tries = 0; tries < TRIES; tries++) {
      const one = { ...next(), atMs }
      if (all.some((other) => other.atMs + other.forMs > atMs && meet(other.fault, one.fault))) continue
      all.push(one)
      break
    }
    atMs += gapMs.least + random.below(gapMs.most - gapMs.least + 1)
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

/** Half of the time what is posted or edited there is done, and nobody hears of it. All workers find the service at one address. */
function drawInChat(random: Random, { spanMs }: ScheduleOptions): Omit<Scheduled, 'atMs'> {
  const trouble: Trouble = random.below(2) === 0 ? { is: 'unheard' } : troubleOf(random)
  const isGivenUp = trouble.is === 'silent' && spanMs > LONG_SPAN_MS && random.below(3) === 0
  const forMs = isGivenUp ? GIVEN_UP_MS : 150 + random.below(1_351)
  return { fault: { kind: 'wire', wire: 'chat', worker: 'all', trouble }, forMs }
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
