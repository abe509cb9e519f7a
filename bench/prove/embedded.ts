import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killOften } from './embedded/kills.ts'
import { backUpAndRestore, moveAndBack } from './embedded/transfer.ts'
import { randomFrom } from './frame/random.ts'
import { type Breach, type Findings, type ProveOptions, prover } from './prover.ts'

/** Round trips with rows of their own, for every so many kills. */
const KILLS_PER_TRIP = 25

/**
 * On `pglite`: kills, second servers, backups. On `postgres`: the way there and back.
 *
 * It is not asked over chats, because nothing that it looks at differs there. A card is sent from a row that was committed with what it tells, so who saw
 * it in a chat saw a commit: `crash --backend pglite --surface` ends the program at every statement before and after one, with what had its card
 * counted as accepted, and `chaos` does so at any time and on a full disk. Below the tables nobody knows who asked; copies are held against rows of every
 * table, those of chats among them.
 */
async function prove({ seed, runs, backend, short, sabotage, say }: ProveOptions): Promise<Findings> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-prove-embedded-'))
  const breaches: Breach[] = []
  const seen = () => sabotage !== undefined && breaches.length > 0
  let tried: Record<string, number> = {}
  try {
    // A fault in what copies is looked for there alone.
    const inCopies = sabotage?.startsWith('backup-')
    if (backend === 'pglite' && !inCopies) {
      const killed = await killOften(join(folder, 'killed'), runs, seed, sabotage !== undefined)
      breaches.push(...killed.breaches)
      tried = killed.tried
      say(
        `${tried.kills} × kill -9: opened again ${tried.opened} times, ${tried.accepted} requests accepted, ${tried.seconds} second servers, ${tried.races} races for the folder.`,
      )
    }
    const trips = Math.ceil(runs / KILLS_PER_TRIP)
    let rows = 0
    for (let trip = 0; trip < trips && !seen(); trip++) {
      const own = join(folder, `trip-${trip}`)
      const random = randomFrom(seed + trip)
      const size = short ? { rowsEach: 8, damages: 4 } : { rowsEach: 20 + random.below(20), damages: 12 }
      const found = await (backend === 'pglite' ? backUpAndRestore : moveAndBack)(own, size, random)
      breaches.push(...found.breaches)
      rows += found.rows
      await rm(own, { recursive: true, force: true })
    }
    say(
      `${trips} ${backend === 'pglite' ? 'backups restored' : 'moves to PostgreSQL and back'}, ${rows} rows compared.`,
    )
    return { tried: { ...tried, trips, rows }, breaches }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

export default prover({
  name: 'embedded',
  proves:
    'the embedded store loses nothing that was accepted when it is killed, has one server at a time, and comes whole out of a backup and into PostgreSQL',
  backends: ['pglite', 'postgres'],
  runs: { long: 100, short: 6 },
  sabotages: [
    {
      name: 'lock-off',
      breaks: 'a second server is refused',
      file: 'db/embedded/lock.ts',
      find: 'const guard = await usable(folder)\n  if (!guard) throw new UserError(refusal(folder, readOwnerFile(folder)))',
      replace: 'const guard = (await usable(folder)) ?? { close() {} }\n  refusal(folder, readOwnerFile(folder))',
      runs: 4,
    },
    {
      name: 'commit-not-awaited',
      breaks: 'what is said to be stored is on its way to the disk',
      file: 'db/embedded/engine-options.ts',
      find: "'shared_buffers=24MB'",
      replace: "'shared_buffers=24MB', '-c', 'synchronous_commit=off'",
      runs: 4,
    },
    {
      name: 'memory-only',
      breaks: 'the store is in its folder',
      file: 'db/embedded/house.ts',
      find: 'new PGlite({ ...ENGINE_OPTIONS, dataDir: place })',
      replace: 'new PGlite({ ...ENGINE_OPTIONS })',
      runs: 4,
    },
    {
      name: 'backup-drops-a-table',
      breaks: 'a backup holds every table',
      file: 'db/transfer/tables.ts',
      find: 'TABLES.map((table) => getTableName(table))',
      replace: "TABLES.map((table) => getTableName(table)).filter((name) => name !== 'deliveries')",
      runs: 1,
      backend: 'postgres',
    },
    {
      name: 'backup-end-unseen',
      breaks: 'a backup that was cut off is refused',
      file: 'db/transfer/backup-file.ts',
      find: '\n  throw new UserError(`The backup $',
      replace: '\n  if (number < 0) throw new UserError(`The backup $',
      runs: 1,
    },
    {
      name: 'backup-without-digests',
      breaks: 'what is restored is held against what was backed up',
      file: 'db/transfer/backup-file.ts',
      find: 'JSON.stringify({ end })',
      replace: 'JSON.stringify({ end: {} })',
      runs: 1,
    },
    {
      name: 'move-skips-rows',
      breaks: 'a move copies every row',
      file: 'db/commands/move.ts',
      find: 'const copied = await digestOf(write, name)\n    if (copied.rows !== page.value.rows || copied.sha256 !== page.value.sha256)',
      replace:
        "if (name === 'steps') await write.execute(`delete from quarterdeck.steps`)\n    const copied = await digestOf(write, name)\n    if (copied.rows < 0)",
      runs: 1,
      backend: 'postgres',
    },
    {
      name: 'counters-left-behind',
      breaks: 'new rows get new numbers after a move',
      file: 'db/commands/move.ts',
      find: '  await raiseCounters(write)\n',
      replace: '',
      runs: 1,
      backend: 'postgres',
    },
  ],
  prove,
})
