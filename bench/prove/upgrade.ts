import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { isTerminal, type OperationState } from '../../core/states.ts'
import { verifyAudit } from '../../db/audit-chain/verify.ts'
import { readMigrations } from '../../db/migrate.ts'
import { emptyDatabase } from '../places.ts'
import { CRASH_SABOTAGES } from './crash/sabotages.ts'
import { type Breach, type Findings, type ProveOptions, prover } from './prover.ts'
import { type CardsJudged, judgeAtRest } from './surfaces/judge-cards.ts'
import { openChat } from './surfaces/open.ts'
import { type Database, layOutCluster, layOutStore, readGolden } from './upgrade/golden.ts'
import { type Decision, WHY } from './upgrade/hands.ts'
import { moveToChat } from './upgrade/move-to-chat.ts'
import { shiftClock } from './upgrade/shift-clock.ts'
import { openWorld, type Room, type Stand, type Stands, standsOf, type World } from './upgrade/world.ts'

const GOLDEN = join(import.meta.dirname, 'upgrade/golden')
/** Past every hold of the golden store, and past every approval that nobody gave. */
const HOLDS_MS = 2 * 3_600_000 + 300_000
const SETTLES_WITHIN_MS = 90_000
/** One pending approval is left alone, to see that it still expires. */
const LEFT_ALONE = 'scale catalog to 9 in production'
/** One is said no to in a chat, where people are asked why. */
const SAID_NO_TO = 'restart payments in production'

const broken =
  (promise: string) =>
  (what: string): Breach => ({ promise, what })
const valid = broken('a pending approval is still valid after an upgrade')
const rightEnd = broken('every operation of the release before reaches its right end')
const noAgain = broken('no step is done again after an upgrade')
const whole = broken('an upgrade keeps what was written')
const explained = broken('the message in the chat says why somebody said no')

const isPending = ({ state }: Stand) => state === 'awaiting_approval' || state === 'planned'
/** One operation that needs a person finds none, to see that it waits for one. */
const NOBODY_SETTLES = 'scale web to 2 in dev for 2h'
const isLeft = ({ said, state }: Stand) => said === (state === 'needs_human' ? NOBODY_SETTLES : LEFT_ALONE)
const needsPerson = ({ state }: Stand) => state === 'needs_human'
const isSaidNoTo = ({ room }: World, { said }: Stand) => room !== undefined && said === SAID_NO_TO
const isOver = (stand: Stand) => isTerminal(stand.state) || (needsPerson(stand) && isLeft(stand))

/** Presses what was there to be pressed before; the plan must be the one that was shown then. */
async function giveConsent(world: World, pending: readonly Stand[]): Promise<Breach[]> {
  const breaches: Breach[] = []
  for (const stand of pending) {
    const person = stand.state === 'planned' ? stand.by : 'jonas'
    const verb: Decision = stand.state === 'planned' ? 'go' : isSaidNoTo(world, stand) ? 'reject' : 'approve'
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

/** What it must become, by what it was. */
function endOf(world: World, stand: Stand): OperationState {
  if (isTerminal(stand.state)) return stand.state
  if (needsPerson(stand)) return isLeft(stand) ? 'needs_human' : 'rolled_back'
  if (stand.cancelled) return 'cancelled'
  if (isPending(stand) && isSaidNoTo(world, stand)) return 'rejected'
  return isLeft(stand) ? 'expired' : 'succeeded'
}

function compare(world: World, before: Stands, after: Stands): Breach[] {
  return [...before.values()].flatMap((was) => {
    const is = after.get(was.id)
    const called = `${was.id} (${was.said}), ${was.state}`
    if (!is) return [whole(`${called}: it is gone`)]
    const end = endOf(world, was)
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

/** Every operation of both releases is one message in the chat, which says what became of it. */
async function judgeRoom({ program, room }: World, before: Stands): Promise<CardsJudged | undefined> {
  if (!room) return undefined
  const judged = await judgeAtRest(program.store, room.chat)
  const all = await room.chat.all()
  const unexplained = [...before.values()].filter(
    ({ id, said }) => said === SAID_NO_TO && !all.some(({ words }) => words.includes(id) && words.includes(WHY)),
  )
  const breaches = unexplained.map(({ id }) => explained(`no message about ${id} says "${WHY}"`))
  return { ...judged, breaches: [...judged.breaches, ...breaches] }
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
  const chat = surface && (await openChat(surface, Object.keys(golden.settings.people)))
  let world: World | undefined
  let room: Room | undefined
  try {
    const move = async (database: Database, stands: Stands) => {
      if (chat) room = { chat, places: await moveToChat(database, chat, stands) }
    }
    const before = await layOutStore(release, dataFolder, url, chat && move)
    await layOutCluster(release, clusterFile)
    const counts = Object.entries(Object.groupBy([...before.values()], ({ state }) => state))
    say(
      `${release}: ${before.size} operations; ${counts.map(([state, list]) => `${list?.length} ${state}`).join(', ')}.`,
    )
    const opened = await openWorld({ golden, dataFolder, clusterFile, url, room }).catch((error: unknown) => {
      // What it misses in the store it was to bring there itself.
      if (!/does not exist/.test(String(error))) throw error
      return whole(`the program does not start on what ${release} left: ${error}`)
    })
    const none = { operations: before.size, pending: 0, settled: 0, effects: 0, cards: 0 }
    if ('promise' in opened) return { breaches: [opened], tried: none }
    world = opened
    const left = [...before.values()].filter((stand) => !isLeft(stand))
    const [pending, unsettled] = [left.filter(isPending), left.filter(needsPerson)]
    const breaches = [...(await migrated(world)), ...(await giveConsent(world, pending))]
    breaches.push(...(await settle(world, unsettled)))
    // A fault that was seen is seen; what is left would only take time.
    const tried = { operations: before.size, pending: pending.length, settled: unsettled.length }
    if (sabotage && breaches.length > 0)
      return { breaches, tried: { ...tried, effects: world.effects.length, cards: 0 } }
    const rests = (stand: Stand) => isOver(stand) || isLeft(stand) || /\d+h$/.test(stand.said)
    await world.until(rests, SETTLES_WITHIN_MS)
    await clock.ahead(HOLDS_MS)
    await world.restart()
    const after = await world.until(isOver, SETTLES_WITHIN_MS)
    breaches.push(...compare(world, before, after))
    const { ok, firstBad } = await verifyAudit(world.program.store, join(dataFolder, 'audit-heads.jsonl'))
    if (!ok) breaches.push(whole(`the audit does not hold any more: ${firstBad?.why} at ${firstBad?.seq}`))
    const cards = await judgeRoom(world, before)
    breaches.push(...(cards?.breaches ?? []))
    return { breaches, tried: { ...tried, effects: world.effects.length, cards: cards?.looked ?? 0 } }
  } finally {
    await world?.close()
    await chat?.close()
    clock.back()
  }
}

/** `runs` is how many of the golden stores are tried, the newest first. */
async function prove(options: ProveOptions): Promise<Findings> {
  const releases = (await readdir(GOLDEN)).sort().toReversed().slice(0, options.runs)
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-prove-upgrade-'))
  const breaches: Breach[] = []
  const tried = { releases: releases.length, operations: 0, pending: 0, settled: 0, effects: 0, cards: 0 }
  try {
    for (const release of releases) {
      const found = await upgradeFrom(release, join(folder, release), options)
      breaches.push(...found.breaches)
      for (const key of ['operations', 'pending', 'settled', 'effects', 'cards'] as const)
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
  runs: { long: 10, short: 1 },
  overChat: { short: 1 },
  sabotages: [
    ...CRASH_SABOTAGES.filter(({ name }) => name === 'last-word-kept').map((fault) => ({ ...fault, runs: 1 })),
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
