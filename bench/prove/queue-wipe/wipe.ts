import { setTimeout as pause } from 'node:timers/promises'
import type { Asker } from '../crash/asking.ts'
import { type Life, startLife } from '../crash/life.ts'
import type { Outside } from '../crash/outside.ts'
import type { Place } from '../crash/place.ts'
import type { Asked } from '../crash/verdict.ts'
import type { LifeOptions } from '../crash/worker.ts'
import type { Random } from '../frame/random.ts'

export interface Wiped {
  readonly asked: readonly Asked[]
  readonly settledMs: number | undefined
  /** Changes that the queue was handed and had lost right after a wipe, all wipes together. */
  readonly lostJobs: number
  readonly said: string
}

const LATEST_MS = 200
/** So few at once, and the outside so slow, that most of a burst is in the queue for a while. */
const CONCURRENCY = 2
const OUTSIDE_MS = 15
const UNDER_WAY_WITHIN_MS = 5_000
const QUEUED_WITHIN_MS = 20_000
const LOOK_MS = 150
const UNDER_WAY_LOOK_MS = 10

/** Asks for changes in bursts and throws the whole queue away in the middle of each. The program runs on through all of it. */
export async function askAndWipe(options: {
  readonly place: Place
  readonly outside: Outside
  readonly asker: Asker
  readonly operations: number
  readonly wipes: number
  readonly random: Random
  readonly timing: Pick<LifeOptions, 'tuning'>
  readonly settleMs: number
  /** Given up earlier when nothing has changed for so long. */
  readonly stillMs: number
  /** Where the queue is not in the store. */
  readonly flush: (() => Promise<void>) | undefined
}): Promise<Wiped> {
  const { place, outside, asker, operations, wipes, random, flush } = options
  const waiting = new Set<string>()
  const { store, queue } = place
  const life = startLife(
    {
      store,
      queue,
      plan: undefined,
      workerId: 'embedded',
      services: operations,
      concurrency: CONCURRENCY,
      outside: outside.url,
      ...options.timing,
      ...asker.options,
    },
    outside,
    { asked: (key) => waiting.delete(key) },
  )
  outside.watch = () => pause(OUTSIDE_MS, false)
  const asked: Asked[] = []
  let lostJobs = 0
  try {
    await Promise.race([life.ready, life.ended])
    for (let wipe = 0; wipe < wipes; wipe++) {
      const upTo = Math.ceil((operations * (wipe + 1)) / wipes)
      while (asked.length < upTo) {
        const one = await asker.change(asked.length)
        asked.push(one)
        waiting.add(one.key)
        asker.ask(life, one, () => waiting.delete(one.key))
      }
      // What is said in a chat comes in one by one, and is done by the time that its card is seen there.
      await (asker.chat ? queued(life) : underWay(life, waiting).then(() => pause(random.below(LATEST_MS))))
      await (flush ? flush() : life.wipe())
      lostJobs += await life.inQueue()
    }
    const started = performance.now()
    let left = Number.NaN
    let since = started
    while (performance.now() - started < options.settleMs && !life.hasEnded()) {
      const unfinished = (await life.unfinished()) + waiting.size
      if (unfinished === 0)
        return { asked, lostJobs, settledMs: Math.round(performance.now() - started), said: life.said() }
      if (unfinished !== left) since = performance.now()
      else if (performance.now() - since > options.stillMs) break
      left = unfinished
      await pause(LOOK_MS)
    }
    return { asked, lostJobs, settledMs: undefined, said: life.said() }
  } finally {
    await life.kill()
  }
}

/** Resolves when the queue holds something, or when that does not come. */
async function queued(life: Life): Promise<void> {
  const late = performance.now() + QUEUED_WITHIN_MS
  while (!life.hasEnded() && performance.now() < late && (await life.inQueue()) === 0) await pause(UNDER_WAY_LOOK_MS)
}

/** Resolves when the first of a burst is over, so that the queue holds the others, or when that does not come. */
async function underWay(life: Life, waiting: ReadonlySet<string>): Promise<void> {
  const late = performance.now() + UNDER_WAY_WITHIN_MS
  let most = 0
  while (!life.hasEnded() && performance.now() < late) {
    const unfinished = await life.unfinished()
    if (waiting.size === 0 && unfinished < most) return
    most = Math.max(most, unfinished)
    await pause(UNDER_WAY_LOOK_MS)
  }
}
