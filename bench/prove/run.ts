import { enableCompileCache } from 'node:module'
import { argv, env, stderr, stdout } from 'node:process'
import { outliveReader } from '../../bot/cli/closed-pipe.ts'
import { proveAll } from './frame/all.ts'
import { type Asked, readArguments, WrongArguments } from './frame/arguments.ts'
import { proveInChild } from './frame/child.ts'
import { backendOf, loadProver, missingFor, proverNames } from './frame/house.ts'
import { leave } from './frame/leave.ts'
import { startQuickly } from './frame/quick-start.ts'
import { CHATS } from './prover.ts'
import { sabotageHere } from './sabotage.ts'

/** Exit codes: 0 held (or listed), 1 a promise is broken, 2 wrong arguments, 3 the prover itself could not do its work. */
const say = (line: string) => void stdout.write(`${line}\n`)

// Provers start many processes that load the same code: compiled once, it is read from then on. They inherit where.
const { directory } = enableCompileCache()
if (directory) env.NODE_COMPILE_CACHE = directory
startQuickly()
outliveReader(stdout, stderr)

async function list(): Promise<number> {
  for (const prover of await Promise.all(proverNames().map(loadProver))) {
    const over = prover.overChat ? `; --surface ${CHATS.join('|')}` : ''
    say(`${prover.name} (${prover.backends.join(', ')}${over}): ${prover.proves}`)
    for (const sabotage of prover.sabotages)
      say(`  --sabotage ${sabotage.name} (${backendOf(prover, sabotage)}): ${sabotage.breaks}`)
  }
  return 0
}

async function prove(asked: Asked): Promise<number> {
  const prover = await loadProver(asked.name)
  const sabotage = prover.sabotages.find(({ name }) => name === asked.sabotage)
  if (asked.sabotage !== undefined && !sabotage)
    throw new WrongArguments(
      `"${prover.name}" has no sabotage "${asked.sabotage}"; it has ${prover.sabotages.map(({ name }) => name).join(', ')}.`,
    )
  const backend = asked.backend ?? backendOf(prover, sabotage)
  if (!prover.backends.includes(backend))
    throw new WrongArguments(`"${prover.name}" runs on ${prover.backends.join(', ')}, not on ${backend}.`)
  const missing = missingFor(backend)
  if (missing.length > 0)
    throw new WrongArguments(`The backend ${backend} needs services: set ${missing.join(' and ')}.`)
  const surface = asked.surface ?? sabotage?.surface
  if (surface && !prover.overChat)
    throw new WrongArguments(`"${prover.name}" is not asked over ${surface}: it asks in its own way only.`)
  if (sabotage && sabotageHere() !== sabotage.name)
    return (await proveInChild(argv.slice(2), { sabotage, hear: say })).code
  const { seed, short } = asked
  const shortRuns = (surface && prover.overChat?.short) ?? prover.runs.short
  const runs = asked.runs ?? (short ? shortRuns : prover.runs.long)
  const findings = await prover.prove({ seed, runs, backend, surface, sabotage: sabotage?.name, short, say })
  for (const { promise, what, seed: own } of findings.breaches) say(`BROKEN ${promise}: ${what} (seed ${own ?? seed})`)
  const how = { ...(surface && { surface }), ...(sabotage && { sabotage: sabotage.name }) }
  const verdict = { name: prover.name, seed, backend, runs, ...findings, ...how }
  say(JSON.stringify(verdict))
  return findings.breaches.length > 0 ? 1 : 0
}

async function answer(): Promise<number> {
  try {
    const asked = readArguments(argv.slice(2), proverNames())
    if (asked === 'list') return await list()
    return await (asked.name === 'all' ? proveAll(asked, say) : prove(asked))
  } catch (error) {
    const wrong = error instanceof WrongArguments
    stderr.write(`${wrong ? error.message : error instanceof Error ? error.stack : error}\n`)
    return wrong ? 2 : 3
  }
}

await leave(await answer())
