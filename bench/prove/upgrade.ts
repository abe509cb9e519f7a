import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { verifyAudit } from '../../db/audit-chain/verify.ts'
import { readMigrations } from '../../db/migrate.ts'
import { emptyDatabase } from '../places.ts'
import { CRASH_SABOTAGES } from './crash/sabotages.ts'
import { type Breach, type Findings, type ProveOptions, prover } from './prover.ts'
import { type Course, courseOf, isPending, needsPerson } from './upgrade/course.ts'
import { type Database, layOutCluster, layOutStore, readGolden } from './upgrade/golden.ts'
import { answerQuestions, undone } from './upgrade/questions.ts'
import { enterRooms, judgeRoom, openChats, type Rooms } from './upgrade/rooms.ts'
import { IN_CHATS, ON_PAGE } from './upgrade/sentences.ts'
import { shiftClock } from './upgrade/shift-clock.ts'
import { openWorld, type Stand, type Stands, standsOf, type World } from './upgrade/world.ts'

const GOLDEN = join(import.meta.dirname, 'upgrade/golden')
/** Past every hold of the golden store, and past every approval that nobody gave. */
const HOLDS_MS = 2 * 3_600_000 + 300_000
const SETTLES_WITHIN_MS = 90_000
const broken =
  (promise: string) =>
  (what: string): Breach => ({ promise, what })
const valid = broken('a pending approval is still valid after an upgrade')
const rightEnd = broken('every operation of the release before reaches its right end')
const noAgain = broken('no step is done again after an upgrade')
const whole = broken('an upgrade keeps what was written')

/** Presses what was there to be pressed before; the plan must be the one that was shown then. */
async function giveConsent(world: World, course: Course, pending: readonly Stand[]): Promise<Breach[]> {
  const breaches: Breach[] = []
  for (const stand of pending) {
    const { person, verb } = course.decisionOn(stand)
    const told = await world.press(person, stand, verb).catch((error: unknown) => `no: ${error}`)
    const now = (await standsOf(world.program.store)).get(stand.id)
    const same = now?.planHash === stand.planHash && now?.revision === stand.revision
    if (!told.startsWith('yes') || !same || !now || isPending(now))
      breaches.push(
        valid(
          `${stand.id} (${stand.said}), ${stand.state}: ${person} pressed "${verb}" and was told "${told}"; it is ${now?.state}, ${same ? 'the same plan' : 'another plan'}`,
        ),
      )
  }
  return breaches
}

/** Somebody says how those ended that need a person. */
async function settle(world: World, stands: readonly Stand[]): Promise<Breach[]> {
  const breaches: Breach[] = []
  for (const { id, said, by, thread } of stands) {
    const told = await world.say(by, thread, `settle ${id} rolled_back`).catch((error: unknown) => `${error}`)
    if ((await standsOf(world.program.store)).get(id)?.state !== 'rolled_back')
      breaches.push(rightEnd(`${id} (${said}) needs a person, and ${by}, who said how it ended, was told "${told}"`))
  }
  return breaches
}

function compare(world: World, { endOf }: Course, before: Stands, after: Stands): Breach[] {
  return [...before.values()].flatMap((was) => {
    const is = after.get(was.id)
    const called = `${was.id} (${was.said}), ${was.state}`
    if (!is) return [whole(`${called}: it is gone`)]
    const end = endOf(was)
    const lost = was.done.filter((act) => !is.done.includes(act))
    const effects = world.effects.filter(({ operation }) => operation === was.id)
    const fresh = is.steps - was.steps
    return [
      ...(is.state === end ? [] : [rightEnd(`${called}: it is ${is.state}, not ${end}`)]),
      ...lost.map((act) => noAgain(`${called}: the record of "${act}" is another now`)),
      ...(effects.length === fresh
        ? []
        : [noAgain(`${called}: ${fresh} steps were left to do, ${effects.length} changes reached the cluster`)]),
    ]
  })
}

async function migrated({ program }: World): Promise<Breach[]> {
  const { rows } = await program.store.db.execute<{ name: string }>(
    sql`select name from quarterdeck.migrations order by number`,
  )
  const [has, wants] = [rows, await readMigrations()].map((list) => list.map(({ name }) => name).join(', '))
  return has === wants ? [] : [whole(`the database has the migrations ${has}, not ${wants}`)]
}

async function upgradeFrom(release: string, folder: string, options: ProveOptions) {
  const database = options.backend === 'postgres' ? await emptyDatabase() : undefined
  return upgradeOn(database?.url, release, folder, options).finally(() => database?.drop())
}

async function upgradeOn(
  url: string | undefined,
  release: string,
  folder: string,
  { say, sabotage, surface }: ProveOptions,
) {
  const golden = await readGolden(release)
  const [dataFolder, clusterFile] = [join(folder, 'data'), join(folder, 'sandbox.json')]
  // First of all: a schema's defaults keep to the clock that they find when it is made.
  const clock = await shiftClock(new Date(golden.at.getTime() + 5_000), url)
  const chats = await openChats(golden, surface)
  let world: World | undefined
  let entered: Rooms = { rooms: [], refs: new Map() }
  try {
    const enter = async (database: Database, stands: Stands) => {
      entered = await enterRooms(database, chats, golden, stands)
    }
    const before = await layOutStore(release, dataFolder, url, chats.length > 0 ? enter : undefined)
    const course = courseOf(Object.keys(golden.kept).length > 0 ? IN_CHATS : ON_PAGE, surface, chats.length > 0)
    const { isLeft, isOver } = course
    await layOutCluster(release, clusterFile)
    const counts = Object.entries(Object.groupBy([...before.values()], ({ state }) => state))
    say(
      `${release}: ${before.size} operations; ${counts.map(([state, list]) => `${list?.length} ${state}`).join(', ')}.`,
    )
    const opened = await openWorld({ golden, dataFolder, clusterFile, url, rooms: entered.rooms }).catch(
      (error: unknown) => {
        // What it misses in the store it was to bring there itself.
        if (!/does not exist/.test(String(error))) throw error
        return whole(`the program does not start on what ${release} left: ${error}`)
      },
    )
    const none = { operations: before.size, pending: 0, settled: 0, answered: 0, effects: 0, cards: 0 }
    if ('promise' in opened) return { breaches: [opened], tried: none }
    world = opened
    const left = [...before.values()].filter((stand) => !isLeft(stand))
    const [pending, unsettled] = [left.filter(isPending), left.filter(needsPerson)]
    const breaches = [...(await migrated(world)), ...(await giveConsent(world, course, pending))]
    breaches.push(...(await settle(world, unsettled)))
    const questions = await answerQuestions(world, { surface, sabotage })
    breaches.push(...questions.breaches)
    // A fault that was seen is seen; what is left would only take time.
    const people = { pending: pending.length, settled: unsettled.length, answered: questions.answered.length }
    const tried = { operations: before.size, ...people }
    if (sabotage && breaches.length > 0)
      return { breaches, tried: { ...tried, effects: world.effects.length, cards: 0 } }
    const rests = (stand: Stand) => isOver(stand) || (isPending(stand) && isLeft(stand)) || /\d+h$/.test(stand.said)
    await world.until(rests, SETTLES_WITHIN_MS)
    await clock.ahead(HOLDS_MS)
    await world.restart()
    const after = await world.until(isOver, SETTLES_WITHIN_MS)
    breaches.push(...compare(world, course, before, after), ...undone(questions.answered, after))
    const { ok, firstBad } = await verifyAudit(world.program.store, join(dataFolder, 'audit-heads.jsonl'))
    if (!ok) breaches.push(whole(`the audit does not hold any more: ${firstBad?.why} at ${firstBad?.seq}`))
    const saidNoTo = [...before.values()].filter(course.isSaidNoTo)
    let cards = 0
    for (const room of entered.rooms) {
      const judged = await judgeRoom(world.program.store, room, entered.refs, saidNoTo)
      breaches.push(...judged.breaches)
      cards += judged.looked
    }
    return { breaches, tried: { ...tried, effects: world.effects.length, cards } }
  } finally {
    await world?.close()
    for (const chat of chats) await chat.close()
    clock.back()
  }
}

/** `runs` is how many of the newest golden stores are tried. */
async function prove(options: ProveOptions): Promise<Findings> {
  const releases = (await readdir(GOLDEN)).sort().toReversed().slice(0, options.runs)
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-prove-upgrade-'))
  const breaches: Breach[] = []
  const tried = { releases: releases.length, operations: 0, pending: 0, settled: 0, answered: 0, effects: 0, cards: 0 }
  try {
    // Most faults of ours are those that an older store shows; one is enough.
    for (const release of options.sabotage ? releases.toReversed() : releases) {
      if (options.sabotage && breaches.length > 0) break
      const found = await upgradeFrom(release, join(folder, release), options)
      breaches.push(...found.breaches)
      for (const key of ['operations', 'pending', 'settled', 'answered', 'effects', 'cards'] as const)
        tried[key] += found.tried[key]
    }
    return { tried, breaches }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

export default prover({
  name: 'upgrade',
  proves:
    'operations in every state that the release before left reach their right end in this one, consent can still be given, and nothing is done again',
  backends: ['pglite', 'postgres'],
  runs: { long: 10, short: 2 },
  overChat: { short: 2 },
  sabotages: [
    ...CRASH_SABOTAGES.filter(({ name }) => name === 'last-word-kept').map((fault) => ({ ...fault, runs: 1 })),
    {
      name: 'posted-anew',
      breaks: 'a message of the release before is edited in place',
      file: 'bot/deliver/sender.ts',
      find: ': { ref: row.ref }',
      replace: ': undefined',
      runs: 1,
    },
    {
      name: 'question-forgotten',
      breaks: 'a question that was open before is answered after',
      file: 'bot/conversation/open-question.ts',
      find: 'stored.success && new Date(stored.data.expiresAt) > now',
      replace: 'stored.success && false',
      runs: 1,
    },
    {
      name: 'migrations-off',
      breaks: 'the schema is brought up to date',
      file: 'db/migrate.ts',
      find: 'migrations.slice(rows.length)',
      replace: 'migrations.slice(migrations.length)',
    },
    {
      name: 'spelling-of-undo-counts',
      breaks: 'a yes counts when only the way back is spelt anew',
      file: 'operations/plan/still-holds.ts',
      find: "'impossible' in undo ? undo : { skill: undo.skill }",
      replace: 'undo',
    },
    {
      name: 'settled-is-forgotten',
      breaks: 'what needed a person before is over once somebody says how it ended',
      file: 'operations/settle.ts',
      find: '      state: outcome,\n',
      replace: '',
    },
    {
      name: 'audit-of-another-form',
      breaks: 'the audit of the release before can still be proven',
      file: 'db/audit-chain/row-hash.ts',
      find: '      previousHash,\n      seq,\n',
      replace: '      form: 2,\n      previousHash,\n      seq,\n',
    },
    {
      name: 'ledger-forgotten',
      breaks: 'a step that is done is not done again',
      file: 'operations/run/context.ts',
      find: "if (row?.state === 'done') return row.result as T\n        if (row) return (await resolve(name, how)) as T",
      replace: 'if (row) return (await perform(name, how)) as T',
    },
  ],
  prove,
})
