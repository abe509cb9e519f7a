import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../frame/random.ts'
import { type Life, planOf, startLife } from './life.ts'
import type { Outside } from './outside.ts'
import type { Place } from './place.ts'
import { type KillPlan, MOMENTS, type Point } from './points.ts'
import { type Asked, askingOf } from './verdict.ts'
import type { LifeOptions } from './worker.ts'

export interface DeathsOptions {
  readonly place: Place
  readonly outside: Outside
  readonly operations: number
  readonly kills: number
  readonly random: Random
  readonly say: (line: string) => void
  readonly timing: Pick<LifeOptions, 'timing' | 'tuning'>
  readonly settleMs: number
}

export interface Deaths {
  readonly asked: readonly Asked[]
  readonly points: number
  readonly kills: number
  /** Kills at the point that was meant; the others came by the clock because nothing passed there. */
  readonly atPoint: number
  readonly byClock: number
  /** Of the points, those at which a life ended. */
  readonly pointsHit: number
  /** From the last start until nothing was left to do; undefined when that never came. */
  readonly settledMs: number | undefined
  readonly said: string
}

/** How long a life may go without coming to its point. */
const LIFE_MS = 10_000
const FIRST_OPERATIONS = 6
const LOOK_MS = 150

/** Asks for changes while the program is killed again and again, at every protocol point in turn; then lets it come to rest. */
export async function liveAndDie(options: DeathsOptions): Promise<Deaths> {
  const { outside, place, operations, kills, random, say } = options
  const asked: Asked[] = []
  const waiting = new Map<string, Asked>()
  const seen = new Map<string, number>()
  let said = ''
  const begin = (plan: KillPlan | undefined, n: number): Life => {
    // The embedded program is alone and keeps its name; workers on a server never share one.
    const workerId = place.store.backend === 'pglite' ? 'embedded' : `life-${n}`
    const { store, queue } = place
    const given = { store, queue, workerId, plan, outside: outside.url, services: operations, ...options.timing }
    return startLife(given, outside, {
      asked: (key) => waiting.delete(key),
      passing: (passing) => seen.set(passing, (seen.get(passing) ?? 0) + 1),
    })
  }
  const askMore = (life: Life, more: number) => {
    // A surface delivers again what was not acknowledged, and now and then what was.
    for (const again of new Set([...waiting.values(), ...asked.slice(-more)])) life.ask(again)
    for (let n = 0; n < more && asked.length < operations; n++) {
      const one = askingOf(asked.length)
      asked.push(one)
      waiting.set(one.key, one)
      life.ask(one)
    }
  }
  /** Until nothing is left to do, or the patience ends, or it died. */
  const settle = async (life: Life, patienceMs: number): Promise<number | undefined> => {
    const started = performance.now()
    while (performance.now() - started < patienceMs && !life.hasEnded()) {
      if (waiting.size === 0 && (await life.unfinished()) === 0) return Math.round(performance.now() - started)
      await pause(LOOK_MS)
    }
    return undefined
  }

  const first = begin(undefined, 0)
  await Promise.race([first.ready, first.ended])
  askMore(first, Math.min(FIRST_OPERATIONS, operations))
  if ((await settle(first, options.settleMs)) === undefined)
    throw new Error(`Undisturbed, ${FIRST_OPERATIONS} changes do not come to their end: ${first.said()}`)
  await first.kill()
  const points = pointsOf([...seen.keys()], random)
  const often = new Map(seen)
  say(`${points.length} protocol points: before and after ${[...seen.keys()].sort().join('; ')}.`)

  const perLife = Math.max(1, Math.floor((operations - asked.length) / Math.max(1, kills)))
  const hit = new Set<Point>()
  let atPoint = 0
  let killed = 0
  for (let n = 1; n <= kills; n++) {
    const point = points[(n - 1) % points.length]
    if (!point) break
    const plan = { ...point, nth: nthOf(often.get(point.passing) ?? 1, random) }
    const life = begin(plan, n)
    await Promise.race([life.ready, life.ended])
    askMore(life, perLife)
    const came = await Promise.race([life.ended.then(() => true), pause(LIFE_MS, false)])
    if (came) {
      atPoint += 1
      hit.add(point)
    } else {
      say(`Nothing passed ${planOf(plan)} in ${LIFE_MS / 1000} s: killed by the clock.`)
      await life.kill()
    }
    said = life.said() || said
    killed = n
    // One is enough: the judge will say which.
    if (hasDoubled(outside)) break
    if (n % 20 === 0) say(`${n} kills, ${asked.length} operations; the last ${came ? planOf(plan) : 'by the clock'}.`)
  }
  const last = begin(undefined, kills + 1)
  await Promise.race([last.ready, last.ended])
  askMore(last, hasDoubled(outside) ? 0 : operations)
  const settledMs = await settle(last, options.settleMs)
  said = last.said() || said
  await last.kill()
  const counts = { points: points.length, atPoint, kills: killed, byClock: killed - atPoint, pointsHit: hit.size }
  return { asked, ...counts, settledMs, said }
}

const hasDoubled = ({ bells, deployments }: Outside): boolean =>
  [...bells.values(), ...deployments.accepted.values()].some((times) => times > 1)

/** What stands directly between two durable acts of a change; tried before what stands beside the way (locks, rights, looks). */
const ON_THE_WAY = /propose|add_job|insert steps|update steps|: move|PATCH|POST|completed|script/
/** Happens once in the life of a store. */
const ONCE = /migrations|add_flow/

/** Both sides of all that was seen passing, in another order for every seed, so that a short run tries others each time. */
export function pointsOf(seen: readonly string[], random: Random): Point[] {
  return seen
    .filter((passing) => !ONCE.test(passing))
    .flatMap((passing) => MOMENTS.map((moment) => ({ passing, moment })))
    .map((point) => ({ point, at: random.fraction() + (ON_THE_WAY.test(point.passing) ? 0 : 1) }))
    .sort((a, b) => a.at - b.at)
    .map(({ point }) => point)
}

/** Not always the first time, and not later than a life is likely to come to. */
export const nthOf = (often: number, random: Random): number =>
  1 + random.below(Math.max(1, Math.min(3, Math.floor(often / 3))))
