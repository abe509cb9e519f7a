import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { TIMING } from '../../../operations/deps.ts'
import { hasDoubled } from '../crash/deaths.ts'
import { openOutside } from '../crash/outside.ts'
import { emptyPlace } from '../crash/place.ts'
import type { LifeOptions } from '../crash/worker.ts'
import { layOutEmpty } from '../frame/prepared.ts'
import { randomFrom } from '../frame/random.ts'
import type { Backend, Breach, ChatName } from '../prover.ts'
import type { Chat } from '../surfaces/chat.ts'
import { ONE } from '../surfaces/judge-cards.ts'
import { openChat } from '../surfaces/open.ts'
import { lateWrites, watchFences } from '../zombie/watch-fences.ts'
import { type Aim, Archer } from './aims.ts'
import { atTheDoor } from './at-the-door.ts'
import { conduct } from './conduct.ts'
import { Crew } from './crew.ts'
import { smallDiskOn } from './disk.ts'
import { inChat } from './in-chat.ts'
import { judge, wasGivenUp } from './laws.ts'
import { type Meeting, meetingsOf } from './meetings.ts'
import { PEOPLE, playOf } from './plays.ts'
import { readRecord, type StoreRecord } from './record.ts'
import { type Scheduled, scheduleOf } from './schedule.ts'
import { unheard } from './unheard.ts'
import { WATCH_MOVES } from './watch.ts'

const FENCED = 'a worker that lost its lock writes nothing more'
export const OVER = 'every operation is over, or needs a person, within 60 s of the healing'
const STANDING = 'no fault outside ends a process'
/** Before a call to the cluster counts, and again before it is answered, at most. */
const TAKES_MS = 120
const SIGNALS = ['SIGINT', 'SIGTERM'] as const
/** Exit code of a process that a person stopped. */
const INTERRUPTED = 130

export interface SeedOptions {
  readonly seed: number
  readonly backend: Backend
  /** Where people ask and press; undefined: at the door itself. */
  readonly surface: ChatName | undefined
  readonly operations: number
  /** On the average one is asked for every so often. */
  readonly askedEveryMs: number
  readonly workers: number
  /** Faults begin so many times as far apart as usual. */
  readonly pace: number
  /** Absent: the program's own. */
  readonly times: Pick<LifeOptions, 'timing' | 'tuning' | 'resilience'>
  readonly settleMs: number
  /** The answers to messages are lost for a while whenever one was posted (unheard.ts). */
  readonly isUnheard?: boolean
  /** Instead of a schedule's faults; the first breach ends it. */
  readonly aim?: Aim | undefined
}

export interface Lived {
  readonly breaches: readonly Breach[]
  readonly schedule: readonly Scheduled[]
  readonly meetings: ReadonlyMap<string, Meeting>
  readonly record: StoreRecord
  readonly settledMs: number | undefined
  /** Of buttons, as far as people heard that they counted. */
  readonly presses: number
  /** Messages that stood there twice, pressed at the end. */
  readonly straysPressed: number
  readonly takenBack: number
  readonly takenOver: number
  readonly refusedOutside: number
  /** Changes that used up their tries, and say so. */
  readonly givenUp: number
  /** Whether there was a disk that could be full. */
  readonly disk: boolean
}

/** One seed: its changes are asked for and decided while its faults come and go; then everything is judged. */
export async function liveThrough(options: SeedOptions): Promise<Lived> {
  const { seed, backend, surface, operations, workers, pace, times, aim } = options
  const ends: (() => Promise<unknown>)[] = []
  let ending: Promise<void> | undefined
  const endAll = () => {
    ending ??= (async () => {
      for (const end of ends.reverse()) await end()
    })()
    return ending
  }
  // Who is stopped from outside leaves no process, no database and no disk behind.
  const onSignal = () => void endAll().finally(() => process.exit(INTERRUPTED))
  for (const signal of SIGNALS) process.once(signal, onSignal)
  try {
    const place = await emptyPlace(backend)
    ends.push(place.close)
    const outside = await openOutside()
    ends.push(outside.close)
    const chat =
      surface &&
      (await openChat(
        surface,
        PEOPLE.map(({ id }) => id),
        { overWire: true },
      ))
    if (chat) ends.push(() => chat.close())
    if (chat && options.isUnheard) chat.watch = unheard(chat)
    const { store } = place
    const disk = store.backend === 'pglite' && store.folder ? await smallDiskOn(store.folder) : undefined
    if (disk) ends.push(disk.close)
    if (disk && store.backend === 'pglite') await layOutEmpty(store.folder ?? '')
    if (store.backend === 'postgres') await watch(store.url)
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-chaos-'))
    ends.push(() => rm(folder, { recursive: true, force: true }))
    const random = randomFrom(seed)
    const spanMs = operations * options.askedEveryMs
    const plays = Array.from({ length: operations }, (_, n) => playOf(n, random.below(spanMs), random, workers === 1))
    const { leaseMs, retryMs } = { ...TIMING, ...times.timing }
    const archer = aim && new Archer(aim, leaseMs)
    const drawn = { backend, workers, spanMs, leaseMs, pace, disk: disk !== undefined, inChat: chat !== undefined }
    const schedule = archer ? [] : scheduleOf(random, drawn)
    // A cluster takes its time, and what happens meanwhile happens in the middle of something.
    const takeTime = async (passing: string) => {
      if (passing.endsWith(' deployment')) await pause(random.below(TAKES_MS))
      return false
    }
    outside.watch = takeTime
    const crew = await Crew.open({ place, outside, workers, services: operations, times, folder, random, chat })
    ends.push(() => crew.close())
    const talk = chat && inChat(crew, chat)
    const way = talk ?? atTheDoor(crew)
    if (archer)
      outside.watch = async (passing, moment, agent, mark) =>
        (await takeTime(passing)) || archer.strike(crew, passing, moment, agent, mark)
    const lateOnes = async () => (store.backend === 'postgres' ? lateWrites(store.url) : undefined)
    const shown = async () =>
      hasDoubled(outside) || archer?.hasLetThrough(outside.effects) || ((await lateOnes())?.breaches.length ?? 0) > 0
    const aimed = archer && { archer, shown }
    const history = await conduct({ crew, way, disk, plays, schedule, aimed, settleMs: options.settleMs })
    const strays = history.settledMs === undefined ? undefined : await talk?.pressStrays()
    const said = crew.said()
    await crew.close()
    const record = await readRecord(store, crew.files, chat, way.playOf)
    const scene = { history, record, outside, retries: retryMs.length, shown: chat && (await shownIn(chat)) }
    const breaches = [...judge(scene), ...(strays?.breaches ?? [])]
    // Who was ended in the middle of posting may have posted twice, and had no time to say so.
    const isAtRest = ({ promise }: Breach) => history.settledMs !== undefined || promise !== ONE
    breaches.push(...(record.cards?.breaches.filter(isAtRest) ?? []))
    if (history.settledMs === undefined)
      breaches.push({
        promise: OVER,
        what: `${history.open.slice(0, 8).join(', ')}. Last words: ${said.slice(-400) || 'none'}`,
      })
    for (const what of crew.fell) breaches.push({ promise: STANDING, what })
    const late = await lateOnes()
    for (const what of late?.breaches ?? []) breaches.push({ promise: FENCED, what })
    return {
      ...{ breaches, schedule, record, meetings: meetingsOf(history.befallen, record.moves) },
      presses: history.people.pressed.filter(({ reply }) => reply?.ok).length,
      straysPressed: strays?.pressed ?? 0,
      ...{ settledMs: history.settledMs, takenBack: history.takenBack.length, takenOver: late?.takenOver ?? 0 },
      ...{ refusedOutside: outside.deployments.conflicts, disk: disk !== undefined },
      givenUp: record.ends.filter(({ id }) => wasGivenUp(scene, id)).length,
    }
  } finally {
    await endAll()
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}

const shownIn = async (chat: Chat) => new Map((await chat.all()).map((card) => [card.ref, card]))

async function watch(url: string): Promise<void> {
  await watchFences(url)
  const client = new pg.Client(url)
  await client.connect()
  await client.query(WATCH_MOVES).finally(() => client.end())
}
