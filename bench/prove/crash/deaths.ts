import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../frame/random.ts'
import { EDIT, POST } from '../surfaces/chat.ts'
import type { Asker } from './asking.ts'
import { type Life, planOf, startLife } from './life.ts'
import type { Outside } from './outside.ts'
import type { Place } from './place.ts'
import { type KillPlan, MOMENTS, type Point } from './points.ts'
import type { Asked } from './verdict.ts'
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
  /** What sweepers and stalled checks take to come round: a life in which nothing has gone on for so long will not come to its point. */
  readonly stillMs: number
  readonly asker: Asker
}

export interface Deaths {
  readonly asked: readonly Asked[]
  readonly points: number
  readonly kills: number
  /** Kills at the point that was meant; the others came when nothing went on any more, and another was tried. */
  readonly atPoint: number
  readonly atRest: number
  /** Of the points, those at which a life ended. */
  readonly pointsHit: number
  /** From the last start until nothing was left to do; undefined when that never came. */
  readonly settledMs: number | undefined
  readonly said: string
}

const FIRST_OPERATIONS = 6
/** So many lives may miss their point for each that comes to it. */
const MISSES = 1
const LOOK_MS = 150
const UNDISTURBED_MS = 60_000
/** Longer than the lease of a sender that died before. */
const HEARD_WITHIN_MS = 25_000

/** Asks for changes while the program is killed again and again, at every protocol point in turn; then lets it come to rest. */
export async function liveAndDie(options: DeathsOptions): Promise<Deaths> {
  const { outside, place, operations, kills, random, say, asker } = options
  const asked: Asked[] = []
  const waiting = new Map<string, Asked>()
  const seen = new Map<string, number>()
  let said = ''
  const begin = (plan: KillPlan | undefined, n: number): Life => {
    // The embedded program is alone and keeps its name; workers on a server never share one.
    const workerId = place.store.backend === 'pglite' ? 'embedded' : `life-${n}`
    const { store, queue } = place
    const given = {
      store,
      queue,
      workerId,
      plan,
      outside: outside.url,
      services: operations,
      ...options.timing,
      ...asker.options,
    }
    return startLife(given, outside, {
      asked: (key) => waiting.delete(key),
      passing: (passing) => seen.set(passing, (seen.get(passing) ?? 0) + 1),
      chat: asker.chat,
    })
  }
  const ask = (life: Life, one: Asked) => asker.ask(life, one, () => waiting.delete(one.key))
  const askMore = async (life: Life, more: number) => {
    // A surface delivers again what was not acknowledged, and now and then what was.
    for (const again of new Set([...waiting.values(), ...asked.slice(-more)])) ask(life, again)
    for (let n = 0; n < more && asked.length < operations; n++) {
      const one = await asker.change(asked.length)
      asked.push(one)
      waiting.set(one.key, one)
      ask(life, one)
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
  await askMore(first, Math.min(FIRST_OPERATIONS, operations))
  if ((await settle(first, UNDISTURBED_MS)) === undefined)
    throw new Error(`Undisturbed, ${FIRST_OPERATIONS} changes do not come to their end: ${first.said()}`)
  await first.kill()
  const points = pointsOf([...seen.keys()], random)
  const often = new Map(seen)
  say(`${points.length} protocol points: before and after ${[...seen.keys()].sort().join('; ')}.`)

  const hit = new Set<Point>()
  let atPoint = 0
  let lives = 0
  // One doubled effect is enough: the judge will say which.
  while (atPoint < kills && lives < kills * (1 + MISSES) && !hasDoubled(outside)) {
    const point = points[lives % points.length]
    if (!point) break
    lives += 1
    // The first message of a life is as good as any, and a life may have no second one.
    const nth = point.passing === POST ? 1 : nthOf(often.get(point.passing) ?? 1, random)
    const plan = { ...point, nth }
    const life = begin(plan, lives)
    await Promise.race([life.ready, life.ended])
    await askMore(life, Math.ceil((operations - asked.length) / (kills - atPoint)))
    const came = await comesToItsPoint(life, options.stillMs, asker.chat && (() => waiting.size > 0))
    if (came) {
      atPoint += 1
      hit.add(point)
    } else {
      say(`Nothing passed ${planOf(plan)}: killed at rest.`)
      await life.kill()
    }
    said = life.said() || said
    if (lives % 20 === 0) say(`${lives} kills, ${asked.length} operations; the last ${planOf(plan)}.`)
  }
  const last = begin(undefined, lives + 1)
  await Promise.race([last.ready, last.ended])
  await askMore(last, hasDoubled(outside) ? 0 : operations)
  const settledMs = await settle(last, options.settleMs)
  said = last.said() || said
  await last.kill()
  const counts = { points: points.length, atPoint, kills: lives, atRest: lives - atPoint, pointsHit: hit.size }
  return { asked, ...counts, settledMs, said }
}

export const hasDoubled = ({ bells, deployments }: Outside): boolean =>
  [...bells.values(), ...deployments.accepted.values()].some((times) => times > 1)

/** Resolves with whether it died; if not, what it has to do has not become less for `stillMs`. */
export async function comesToItsPoint(life: Life, stillMs: number, isAwaited = () => false): Promise<boolean> {
  let left = Number.NaN
  let since = performance.now()
  const late = since + HEARD_WITHIN_MS
  while (!life.hasEnded() && performance.now() - since < stillMs) {
    const unfinished = await life.unfinished()
    // What was said in a chat is nothing to do before it is read.
    if (unfinished !== left || (performance.now() < late && isAwaited())) since = performance.now()
    left = unfinished
    await Promise.race([life.ended, pause(LOOK_MS)])
  }
  return life.hasEnded()
}

/** What was done outside is not written down yet: here a program that forgets does it again. */
const AFTER_EFFECT = [
  ...['after outside: POST bell', 'after outside: PATCH deployment', 'before store: update steps'],
  `after ${EDIT}`,
]
/** What stands directly between two durable acts of a change; tried before what stands beside the way (locks, rights, looks). */
const ON_THE_WAY = /propose|add_job|insert steps|update steps|: move|PATCH|POST|completed|script/
/** Happens once in the life of a store. */
const ONCE = /migrations|add_flow/

/**
 * Both sides of all that was seen passing, in another order for every seed, so that a short run tries others each time; but every second one
 * from where most is at stake, as long as there are such.
 */
export function pointsOf(seen: readonly string[], random: Random): Point[] {
  const points = seen
    .filter((passing) => !ONCE.test(passing))
    .flatMap((passing) => MOMENTS.map((moment) => ({ passing, moment })))
    .map((point) => ({ point, at: random.fraction() + (ON_THE_WAY.test(point.passing) ? 0 : 1) }))
    .sort((a, b) => a.at - b.at)
    .map(({ point }) => point)
  // Where there is a chat: a message of which nobody has written down that it is there.
  const isPosted = ({ passing, moment }: Point) => passing === POST && moment === 'after'
  const isGrave = ({ passing, moment }: Point) => AFTER_EFFECT.includes(`${moment} ${passing}`)
  const others = points.filter((point) => !isGrave(point) && !isPosted(point))
  const graves = [...points.filter(isPosted), ...points.filter(isGrave)]
  return graves.reduceRight((all, grave, n) => all.toSpliced(n, 0, grave), others)
}

/** Not always the first time, and not later than a life is likely to come to. */
export const nthOf = (often: number, random: Random): number =>
  1 + random.below(Math.max(1, Math.min(3, Math.floor(often / 3))))
