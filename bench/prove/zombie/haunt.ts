import { setTimeout as pause } from 'node:timers/promises'
import type { Asker } from '../crash/asking.ts'
import { type Life, startLife } from '../crash/life.ts'
import type { Outside } from '../crash/outside.ts'
import type { Place } from '../crash/place.ts'
import type { Asked } from '../crash/verdict.ts'
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
const PATIENCE_MS = 15_000
const TAKEN_WITHIN_MS = 10_000
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

interface HauntOptions {
  readonly place: Place
  readonly outside: Outside
  readonly asker: Asker
  readonly pauses: number
  readonly random: Random
  readonly say: (line: string) => void
  readonly settleMs: number
  /** Operations that are not over. */
  readonly unfinished: () => Promise<number>
  /** Operations that one worker took over from another, so far. */
  readonly takenOver: () => Promise<number>
  /** Asked after every round: a breach that was found is enough. */
  readonly found: () => Promise<boolean>
}

/** Lets workers fall asleep in the middle of their work for twice their lock, and wakes them when another one has done it. */
export async function haunt(options: HauntOptions): Promise<Haunted> {
  const { place, outside, asker, pauses, random, say } = options
  const rounds = Math.ceil(pauses / ZOMBIES)
  // Two of three that askingOf makes are used.
  const services = Math.ceil(rounds * ZOMBIES * OPERATIONS_PER_ZOMBIE * 1.5) + 2
  const asked: Asked[] = []
  const waiting = new Map<string, Asked>()
  const start = (name: string, concurrency: number): Life => {
    const given = {
      ...place,
      ...TIMES,
      concurrency,
      workerId: name,
      plan: undefined,
      services,
      pauses: true,
      ...asker.options,
    }
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
  const ask = async (count: number) => {
    for (let n = 0; n < count; n++) {
      // A bell refuses nothing, so a late hand on it is not ours to stop: what is changed has preconditions.
      const one = await asker.change(Math.floor(asked.length / 2) * 3 + (asked.length % 2))
      asked.push(one)
      waiting.set(one.key, one)
      // A chat sends to whoever is there; at the door it is asked of the one that stays awake.
      const life = (asker.chat ? everybody[n % everybody.length] : undefined) ?? steady
      asker.ask(life, one, () => waiting.delete(one.key))
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
      await ask(ZOMBIES * OPERATIONS_PER_ZOMBIE)
      const late = performance.now() + PATIENCE_MS
      const isOver = async () => waiting.size === 0 && (await options.unfinished()) === 0
      while (performance.now() < late && !zombies.every(({ life }) => isStopped(life.pid)) && !(await isOver()))
        await pause(LOOK_MS)
      for (const zombie of zombies) {
        if (isStopped(zombie.life.pid)) atPoint += 1
        else process.kill(zombie.life.pid, 'SIGSTOP')
        paused += 1
      }
      writing.clear()
      await pause(2 * LOCK_MS)
      // On a machine with other work they sleep on: until one was taken over, nothing is proved.
      const tired = performance.now() + TAKEN_WITHIN_MS
      while (performance.now() < tired && (await options.takenOver()) === 0) await pause(LOOK_MS)
      for (const { life } of zombies) process.kill(life.pid, 'SIGCONT')
      awake.resolve(false)
      awake = Promise.withResolvers()
      // Whoever woke needs a moment to write.
      await pause(2 * LOOK_MS)
      if (await options.found()) break
      if (round % 10 === 9) say(`${(round + 1) * ZOMBIES} pauses, ${asked.length} changes.`)
    }
    const settledMs = await settle(steady, zombies, waiting, options)
    const said = everybody.map((life) => life.said()).join('')
    return { asked, paused, atPoint, settledMs, said }
  } finally {
    for (const life of everybody) await life.kill()
  }
}

async function settle(
  steady: Life,
  zombies: readonly Zombie[],
  waiting: Map<string, Asked>,
  { asker, settleMs, unfinished }: Pick<HauntOptions, 'asker' | 'settleMs' | 'unfinished'>,
): Promise<number | undefined> {
  const started = performance.now()
  for (const one of waiting.values()) asker.ask(steady, one, () => waiting.delete(one.key))
  while (performance.now() - started < settleMs && !steady.hasEnded()) {
    // Who comes only now to the point that was meant for it falls asleep once more, perhaps with a row of the store in its hand.
    for (const { life } of zombies) if (!life.hasEnded() && isStopped(life.pid)) process.kill(life.pid, 'SIGCONT')
    if (waiting.size === 0 && (await unfinished()) === 0) {
      // Who woke last may still be about to write something late.
      await pause(LOCK_MS)
      return Math.round(performance.now() - started)
    }
    await pause(LOOK_MS)
  }
  return undefined
}
