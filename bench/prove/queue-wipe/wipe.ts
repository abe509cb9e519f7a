import { setTimeout as pause } from 'node:timers/promises'
import { startLife } from '../crash/life.ts'
import type { Outside } from '../crash/outside.ts'
import type { Place } from '../crash/place.ts'
import { type Asked, askingOf } from '../crash/verdict.ts'
import type { LifeOptions } from '../crash/worker.ts'
import type { Random } from '../frame/random.ts'

export interface Wiped {
  readonly asked: readonly Asked[]
  readonly settledMs: number | undefined
  /** Changes that were under way or waiting when the queue was wiped, all wipes together. */
  readonly open: number
  readonly said: string
}

const LATEST_MS = 400
const LOOK_MS = 150

/** Asks for changes in bursts and throws the whole queue away in the middle of each. The program runs on through all of it. */
export async function askAndWipe(options: {
  readonly place: Place
  readonly outside: Outside
  readonly operations: number
  readonly wipes: number
  readonly random: Random
  readonly timing: Pick<LifeOptions, 'tuning'>
  readonly settleMs: number
  /** Where the queue is not in the store. */
  readonly flush: (() => Promise<void>) | undefined
}): Promise<Wiped> {
  const { place, outside, operations, wipes, random, flush } = options
  const waiting = new Set<string>()
  const { store, queue } = place
  const life = startLife(
    {
      store,
      queue,
      plan: undefined,
      workerId: 'embedded',
      services: operations,
      outside: outside.url,
      ...options.timing,
    },
    outside,
    { asked: (key) => waiting.delete(key), passing: () => undefined },
  )
  const asked: Asked[] = []
  let open = 0
  try {
    await Promise.race([life.ready, life.ended])
    for (let wipe = 0; wipe < wipes; wipe++) {
      const upTo = Math.ceil((operations * (wipe + 1)) / wipes)
      while (asked.length < upTo) {
        const one = askingOf(asked.length)
        asked.push(one)
        waiting.add(one.key)
        life.ask(one)
      }
      await pause(random.below(LATEST_MS))
      open += (await life.unfinished()) + waiting.size
      await (flush ? flush() : life.wipe())
    }
    const started = performance.now()
    while (performance.now() - started < options.settleMs && !life.hasEnded()) {
      if (waiting.size === 0 && (await life.unfinished()) === 0)
        return { asked, open, settledMs: Math.round(performance.now() - started), said: life.said() }
      await pause(LOOK_MS)
    }
    return { asked, open, settledMs: undefined, said: life.said() }
  } finally {
    await life.kill()
  }
}
