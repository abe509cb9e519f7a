import { setTimeout as pause } from 'node:timers/promises'
import { type Life, startLife } from '../crash/life.ts'
import type { Outside } from '../crash/outside.ts'
import type { Place } from '../crash/place.ts'
import { type Asked, askingOf } from '../crash/verdict.ts'
import type { Random } from '../frame/random.ts'
import { isStopped } from './is-stopped.ts'

const LOCK_MS = 1_000
const TIMES = {
  timing: { leaseMs: LOCK_MS, renewMs: LOCK_MS / 3 },
  tuning: { lockMs: LOCK_MS, stalledCheckMs: 300, sweepMs: 200, graceMs: 300 },
}
/** Right before what it writes to the store: a step begun, a step done, the end. */
const STORE_POINTS = ['store: insert steps', 'store: update steps', 'store: move to the end']
/** Sent, and not there yet: it arrives when its sender's lock is long lost. */
const WRITES = 'outside: PATCH deployment'

/** Paused at the same time. */
const ZOMBIES = 3
const OPERATIONS_PER_ZOMBIE = 3
const PATIENCE_MS = 2_500
const LOOK_MS = 100

export interface Haunted {
  readonly asked: readonly Asked[]
  readonly paused: number
  /** Pauses at the point that was meant; the others came wherever the worker was. */
  readonly atPoint: number
  readonly settledMs: number | undefined
  readonly said: string
}

interface Zombie {
  readonly life: Life
  readonly name: string
}

/** Lets workers fall asleep in the middle of their work for twice their lock, and wakes them when another one has done it. */
export async function haunt(options: {
  readonly place: Place
  readonly outside: Outside
  readonly pauses: number
  readonly random: Random
  readonly say: (line: string) => void
  readonly settleMs: number
  /** Asked after every round: a breach that was found is enough. */
  readonly found: () => Promise<boolean>
}): Promise<Haunted> {
  const { place, outside, pauses, random, say } = options
  const rounds = Math.ceil(pauses / ZOMBIES)
  // Two of three that askingOf makes are used.
  const services = Math.ceil(rounds * ZOMBIES * OPERATIONS_PER_ZOMBIE * 1.5) + 2
  const asked: Asked[] = []
  const waiting = new Map<string, Asked>()
  const start = (name: string, concurrency: number): Life => {
    const given = { ...place, ...TIMES, concurrency, workerId: name, plan: undefined, services, pauses: true }
    const own = { store: given.store, queue: given.queue, outside: `${outside.url}/by-${name}` }
    return startLife({ ...given, ...own }, outside, { asked: (key) => waiting.delete(key), passing: () => undefined })
  }
  // Most of the work falls to those who will fall asleep over it.
  const steady = start('steady', 1)
  const zombies = Array.from(
    { length: ZOMBIES },
    (_, n): Zombie => ({ life: start(`zombie${n}`, 5), name: `zombie${n}` }),
  )
  const everybody = [steady, ...zombies.map(({ life }) => life)]
  const writing = new Set<string>()
  let awake = Promise.withResolvers<boolean>()
  outside.watch = (passing, moment, agent) => {
    const zombie = zombies.find(({ name }) => name === agent)
    if (!zombie || moment !== 'before' || passing !== WRITES || !writing.delete(agent)) return false
    process.kill(zombie.life.pid, 'SIGSTOP')
    return awake.promise
  }
  const ask = (count: number) => {
    for (let n = 0; n < count; n++) {
      // A bell refuses nothing, so a late hand on it is not ours to stop: what is changed has preconditions.
      const one = askingOf(Math.floor(asked.length / 2) * 3 + (asked.length % 2))
      asked.push(one)
      waiting.set(one.key, one)
      steady.ask(one)
    }
  }
  // One after the other, from a place that the seed chooses.
  const drawn = random.below(STORE_POINTS.length + 1)
  let given = 0
  let atPoint = 0
  let paused = 0
  try {
    await Promise.all(everybody.map((life) => Promise.race([life.ready, life.ended])))
    for (let round = 0; round < rounds; round++) {
      for (const { life, name } of zombies) {
        const passing = STORE_POINTS[(drawn + given++) % (STORE_POINTS.length + 1)]
        if (passing) life.arm({ passing, moment: 'before', nth: 1 })
        else writing.add(name)
      }
      ask(ZOMBIES * OPERATIONS_PER_ZOMBIE)
      const late = performance.now() + PATIENCE_MS
      while (performance.now() < late && !zombies.every(({ life }) => isStopped(life.pid))) await pause(LOOK_MS)
      for (const zombie of zombies) {
        if (isStopped(zombie.life.pid)) atPoint += 1
        else process.kill(zombie.life.pid, 'SIGSTOP')
        paused += 1
      }
      writing.clear()
      await pause(2 * LOCK_MS)
      for (const { life } of zombies) process.kill(life.pid, 'SIGCONT')
      awake.resolve(false)
      awake = Promise.withResolvers()
      // Whoever woke needs a moment to write.
      await pause(2 * LOOK_MS)
      if (await options.found()) break
      if (round % 10 === 9) say(`${(round + 1) * ZOMBIES} pauses, ${asked.length} changes.`)
    }
    const settledMs = await settle(steady, waiting, options.settleMs)
    const said = everybody.map((life) => life.said()).join('')
    return { asked, paused, atPoint, settledMs, said }
  } finally {
    for (const life of everybody) await life.kill()
  }
}

async function settle(
  steady: Life,
  waiting: ReadonlyMap<string, Asked>,
  patienceMs: number,
): Promise<number | undefined> {
  const started = performance.now()
  for (const one of waiting.values()) steady.ask(one)
  while (performance.now() - started < patienceMs && !steady.hasEnded()) {
    if (waiting.size === 0 && (await steady.unfinished()) === 0) {
      // Who woke last may still be about to write something late.
      await pause(LOCK_MS)
      return Math.round(performance.now() - started)
    }
    await pause(LOOK_MS)
  }
  return undefined
}
