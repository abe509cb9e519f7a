import { availableParallelism, cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

/** How many may run at once. */
export interface Room<T> {
  /** Whatever else the machine does. */
  readonly least: number
  readonly most: number
  /** Between those one more is begun whenever this is so; asked anew every time that one ended or a look has passed. */
  readonly isIdle: () => boolean
  readonly lookMs: number
  /** Whether the task may run beside these. */
  readonly fits: (task: T, beside: readonly T[]) => boolean
}

/** Performs each task once, of those that fit always the first. Rejects with the first that does. */
export async function performSideBySide<T>(
  tasks: readonly T[],
  perform: (task: T) => Promise<void>,
  { least, most, isIdle, lookMs, fits }: Room<T>,
): Promise<void> {
  const left = [...tasks]
  const running = new Map<T, Promise<void>>()
  let idle = false
  while (left.length > 0 || running.size > 0) {
    const next = left.find((task) => running.size === 0 || fits(task, [...running.keys()]))
    if (next !== undefined && running.size < (idle ? most : least)) {
      left.splice(left.indexOf(next), 1)
      const ended = perform(next).finally(() => running.delete(next))
      running.set(next, ended)
      // What was just begun has not shown yet what it takes.
      idle = false
    } else {
      await Promise.race([...running.values(), pause(lookMs)])
      idle = isIdle()
    }
  }
}

const LOOK_MS = 1_000
/** A shorter time than this says nothing: the system counts in hundredths of a second. */
const SHORTEST_MS = 250
/** Of one core. */
const IDLE_CORE = 0.25

/** As many as keep the cores busy: what waits, for clocks or for a server, leaves them to others. */
export function roomOnThisMachine(): Omit<Room<unknown>, 'fits'> {
  const cores = availableParallelism()
  const isIdle = idleSinceAsked({ nowMs: () => performance.now(), idledMs })
  return { least: cores + 1, most: 3 * cores, isIdle, lookMs: LOOK_MS }
}

/** Says whether the cores had nothing to do since it was asked last. */
export function idleSinceAsked({ nowMs, idledMs }: Record<'nowMs' | 'idledMs', () => number>): () => boolean {
  let last = { at: nowMs(), idled: idledMs() }
  return () => {
    const now = { at: nowMs(), idled: idledMs() }
    const passedMs = now.at - last.at
    if (passedMs < SHORTEST_MS) return false
    const idle = (now.idled - last.idled) / passedMs
    last = now
    return idle > IDLE_CORE
  }
}

/** All cores together, since the machine was started. */
const idledMs = () => cpus().reduce((sum, { times }) => sum + times.idle, 0)
