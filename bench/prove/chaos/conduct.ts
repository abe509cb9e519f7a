import { setTimeout as pause } from 'node:timers/promises'
import type { Archer } from './aims.ts'
import type { Crew } from './crew.ts'
import type { SmallDisk } from './disk.ts'
import { People, type Way } from './people.ts'
import type { Play } from './plays.ts'
import type { Fault, Scheduled } from './schedule.ts'

/** A fault that came about, by this process's clock. */
export interface Befallen {
  readonly fault: Fault
  readonly fromMs: number
  readonly toMs: number
}

/** What was asked and done, as those know of it who asked and did it. */
export interface History {
  readonly plays: readonly Play[]
  readonly people: People
  readonly befallen: readonly Befallen[]
  /** From the healing until everything was over; undefined when that never came. */
  readonly settledMs: number | undefined
  /** What was still open then. */
  readonly open: readonly string[]
  /** Holds that would have lasted on, because a clock stood wrong when they began; taken back by who asked for them. */
  readonly takenBack: readonly string[]
  /** Cancelled by an aim, whatever they were asked for. */
  readonly stopped: readonly string[]
}

/** Faults that are aimed, until they have shown something. */
export interface Aimed {
  readonly archer: Archer
  readonly shown: () => Promise<boolean>
}

const UNSETTLED = { settledMs: undefined, open: [], takenBack: [] }
const LOOK_MS = 200
/** A fault waits so long for something that it could befall. */
const IDLE_MAX_MS = 5_000
const IDLE_LOOK_MS = 25
const PATIENCE_MS = 2_000
/** A hold that lasts longer than this from now has a wrong clock's end. */
const LONG_HOLD_MS = 8_000

export async function conduct(options: {
  readonly crew: Crew
  readonly way: Way
  readonly disk: SmallDisk | undefined
  readonly plays: readonly Play[]
  readonly schedule: readonly Scheduled[]
  readonly settleMs: number
  /** Absent: all faults are in the schedule. */
  readonly aimed?: Aimed | undefined
}): Promise<History> {
  const { crew, way, disk, plays, schedule, settleMs, aimed } = options
  const people = new People(way)
  const befallen: Befallen[] = []
  const began = Date.now()
  const at = (ms: number) => pause(Math.max(0, began + ms - Date.now()))
  const lives = plays.map(async (play) => {
    await at(play.atMs)
    await people.live(play)
  })
  const befall = async ({ fault, forMs }: Scheduled) => {
    const fromMs = Date.now()
    const took = fault.kind === 'disk full' ? await fill(disk) : await crew.begin(fault)
    await pause(forMs)
    if (fault.kind === 'disk full') await disk?.empty()
    else await crew.end(fault)
    if (took) befallen.push({ fault, fromMs, toMs: Date.now() })
  }
  const satisfied = { all: false }
  const living = Promise.all(lives).then(() => {
    satisfied.all = true
  })
  const watch = watchOpen(crew)
  const faults: Promise<void>[] = []
  // On a machine that is busy with other things the work is late, and the faults are as late as it is.
  let lateMs = 0
  for (const one of schedule) {
    await at(one.atMs + lateMs)
    const due = Date.now()
    const hasTarget = () => watch.count > 0 && crew.stands(one.fault)
    while (!satisfied.all && !hasTarget() && Date.now() - due < IDLE_MAX_MS) await pause(IDLE_LOOK_MS)
    if (satisfied.all && watch.count === 0) break
    lateMs += Date.now() - due
    faults.push(befall(one))
  }
  const shown = aimed && (await aimUntilShown(aimed, living, settleMs))
  watch.stop()
  // Each fault heals as it ends, so that with the last one all is well.
  await Promise.all(faults)
  const settled = shown ? UNSETTLED : await settle(crew, people, satisfied, settleMs)
  people.gone = true
  await living
  const { struck = [], cancelled: stopped = [] } = aimed?.archer ?? {}
  return { plays, people, befallen: [...befallen, ...struck], stopped, ...settled }
}

/** Resolves with whether it was shown; if not, everybody was served meanwhile or nobody was for long. */
async function aimUntilShown({ archer, shown }: Aimed, living: Promise<void>, patienceMs: number): Promise<boolean> {
  const late = Promise.race([living, pause(patienceMs)]).then(() => true)
  archer.begin()
  let found = false
  while (!found && !(await Promise.race([late, pause(LOOK_MS, false)]))) found = await shown()
  archer.stop()
  return found
}

/** Keeps looking how many operations are open. */
function watchOpen(crew: Crew): { readonly count: number; stop(): void } {
  const watch = { count: 0, over: false, stop: () => void Object.assign(watch, { over: true }) }
  const look = async () => {
    while (!watch.over) {
      const answer = await crew.call({ open: true }, PATIENCE_MS)
      if (answer?.open) watch.count = answer.open.length
      await pause(LOOK_MS)
    }
  }
  void look()
  return watch
}

async function fill(disk: SmallDisk | undefined): Promise<boolean> {
  await disk?.fill()
  return disk !== undefined
}

async function settle(
  crew: Crew,
  people: People,
  satisfied: { readonly all: boolean },
  patienceMs: number,
): Promise<Pick<History, 'settledMs' | 'open' | 'takenBack'>> {
  const healed = Date.now()
  const takenBack = new Set<string>()
  let open: readonly string[] = []
  while (Date.now() - healed < patienceMs) {
    const answer = await crew.call({ open: true }, PATIENCE_MS)
    if (answer?.open) {
      open = answer.open.map(({ id, state }) => `${id} is ${state}`)
      if (answer.untold) open = [...open, `${answer.untold} messages are not sent`]
      if (satisfied.all && open.length === 0) return { settledMs: Date.now() - healed, open, takenBack: [...takenBack] }
      for (const one of answer.open) {
        const { id, until } = one
        if (takenBack.has(id) || !until || Date.parse(until) < Date.now() + LONG_HOLD_MS) continue
        takenBack.add(id)
        void people.takeBack(one)
      }
    }
    await pause(LOOK_MS)
  }
  if (!satisfied.all) open = [...open, 'somebody was never answered']
  return { settledMs: undefined, open, takenBack: [...takenBack] }
}
