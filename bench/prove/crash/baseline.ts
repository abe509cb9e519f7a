import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../frame/random.ts'
import { comesToItsPoint, nthOf, pointsOf } from './deaths.ts'
import { startLife } from './life.ts'
import type { Outside } from './outside.ts'
import type { Place } from './place.ts'
import type { Point } from './points.ts'
import { STROKES } from './ring.ts'
import type { LifeOptions } from './worker.ts'

export interface Baseline {
  readonly jobs: number
  readonly kills: number
  /** Jobs of which an effect happened more than once. */
  readonly twice: number
  /** Jobs of which an effect never happened. */
  readonly lost: number
}

const SETTLE_MS = 75_000
const LOOK_MS = 200
const JOBS_PER_KILL = 2.5

/** Plain BullMQ jobs under the same kills: what the engine is there for. */
export async function tryPlainJobs(options: {
  readonly place: Place
  readonly outside: Outside
  readonly kills: number
  readonly random: Random
  readonly timing: Pick<LifeOptions, 'timing' | 'tuning'>
  readonly stillMs: number
}): Promise<Baseline> {
  const { outside, kills, random } = options
  const { store, queue } = options.place
  const jobs = Math.ceil(kills * JOBS_PER_KILL)
  const seen = new Map<string, number>()
  const waiting = new Set<string>()
  const begin = (plan: LifeOptions['plan']) =>
    startLife(
      { store, queue, plan, workerId: 'plain', outside: outside.url, services: 0, ...options.timing },
      outside,
      { asked: (key) => waiting.delete(key), passing: (passing) => seen.set(passing, (seen.get(passing) ?? 0) + 1) },
      'plain-worker.ts',
    )
  let points: readonly Point[] | undefined
  let given = 0
  const giveMore = (life: ReturnType<typeof begin>, most: number) => {
    for (const key of waiting) life.ask({ key, skill: '', input: {} })
    for (let n = 0; n < most && given < jobs; n++, given++) {
      waiting.add(`${given}`)
      life.ask({ key: `${given}`, skill: '', input: {} })
    }
  }
  for (let n = 0; n <= kills; n++) {
    points ??= n === 0 ? undefined : pointsOf([...seen.keys()], random)
    const point = points?.[(n - 1) % points.length]
    const life = begin(point && { ...point, nth: nthOf(seen.get(point.passing) ?? 1, random) })
    await Promise.race([life.ready, life.ended])
    giveMore(life, Math.ceil(jobs / kills))
    if (!(await comesToItsPoint(life, options.stillMs))) await life.kill()
  }
  const last = begin(undefined)
  await Promise.race([last.ready, last.ended])
  giveMore(last, jobs)
  const started = performance.now()
  while (performance.now() - started < SETTLE_MS && !(waiting.size === 0 && (await last.unfinished()) === 0))
    await pause(LOOK_MS)
  await last.kill()
  const rung = Array.from({ length: jobs }, (_, n) =>
    STROKES.map((stroke) => outside.bells.get(`plain${n}-${stroke}`) ?? 0),
  )
  return {
    ...{ jobs, kills },
    twice: rung.filter((strokes) => strokes.some((times) => times > 1)).length,
    lost: rung.filter((strokes) => strokes.some((times) => times === 0)).length,
  }
}
