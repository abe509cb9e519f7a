import type { Backend, ChatName, Prover, Sabotage } from '../prover.ts'
import type { Asked } from './arguments.ts'
import { chatsOn } from './chats-on.ts'
import { type Ended, proveInChild } from './child.ts'
import { backendOf, loadProver, missingFor, proverNames } from './house.ts'
import { performSideBySide, roomOnThisMachine } from './side-by-side.ts'

interface Task {
  readonly prover: Prover
  readonly backend: Backend
  /** Where people ask; a sabotage says itself where it shows. */
  readonly surface?: ChatName
  readonly sabotage?: Sabotage
}
type Outcome = 'held' | 'caught' | 'BROKEN' | 'MISSED' | 'FAILED'

/** A prover of the short form that takes longer hangs. */
const PATIENCE_MS = 360_000
const SLOWEST = 10
const STORY_LENGTH = 240
/** A server of PostgreSQL has a hundred connections; a prover on it opens up to forty-six. */
const ON_SERVERS = 2

/** Every prover on each backend it supports, and every sabotage of it on one. Resolves with the exit code. */
export async function proveAll(asked: Asked, say: (line: string) => void): Promise<number> {
  const provers = await Promise.all(proverNames().map(loadProver))
  if (provers.length === 0) throw new Error('There is no prover in bench/prove.')
  const every = provers
    .flatMap((prover) => tasksOf(prover, asked))
    .filter(({ backend }) => !asked.backend || backend === asked.backend)
  const wanted = asked.part ? partOf(every, asked.part) : every
  const skipped = wanted.filter(({ backend }) => missingFor(backend).length > 0)
  const tasks = wanted.filter((task) => !skipped.includes(task))
  for (const task of skipped) say(`NOT PROVED: ${titleOf(task)}: ${missingFor(task.backend).join(' and ')} not set`)
  const outcomes = new Map<Task, { outcome: Outcome; ended: Ended }>()
  const perform = async (task: Task) => {
    const lines: string[] = []
    const ended = await proveInChild(wordsFor(task, asked), {
      sabotage: task.sabotage,
      hear: (line) => lines.push(line),
      ...(asked.short ? { patienceMs: PATIENCE_MS } : {}),
    }).catch((error: unknown): Ended => {
      lines.push(String(error))
      return { code: 3, verdict: undefined, tookMs: 0 }
    })
    const outcome = outcomeOf(task, ended)
    outcomes.set(task, { outcome, ended })
    // Only the unexpected is told whole.
    const [seen] = ended.verdict?.breaches ?? []
    const caught = seen ? [`${seen.promise}: ${seen.what.slice(0, STORY_LENGTH)}`] : []
    const told = outcome === 'held' ? lines.slice(-1) : outcome === 'caught' ? caught : lines
    say([`=== ${titleOf(task)}: ${outcome} (${(ended.tookMs / 1000).toFixed(1)} s)`, ...told].join('\n'))
  }
  // The long form holds times against bars that are only fair to what has the machine to itself.
  if (!asked.short) for (const task of tasks) await perform(task)
  else await performSideBySide(arranged(tasks), perform, { ...roomOnThisMachine(), fits })
  return sum(asked, skipped, outcomes, say)
}

/** Every prover once, on the first of its backends; of the rest every `of`th, so that all parts together are all. */
function partOf(tasks: readonly Task[], { at, of }: NonNullable<Asked['part']>): readonly Task[] {
  const isFirst = ({ prover, backend, surface, sabotage }: Task) =>
    !sabotage && !surface && backend === prover.backends[0]
  const rest = tasks.filter((task) => !isFirst(task)).filter((_, index) => index % of === at - 1)
  return [...tasks.filter(isFirst), ...rest]
}

function tasksOf(prover: Prover, { short, seed }: Asked): Task[] {
  return [
    ...prover.backends.map((backend) => ({ prover, backend })),
    ...(prover.overChat ? chatsOn(prover, { short, seed }).map((pair) => ({ prover, ...pair })) : []),
    ...prover.sabotages.map((sabotage) => ({ prover, backend: backendOf(prover, sabotage), sabotage })),
  ]
}

const isOnServers = ({ backend }: Task) => backend !== 'pglite'

const fits = (task: Task, beside: readonly Task[]) =>
  !isOnServers(task) || beside.filter(isOnServers).length < ON_SERVERS

/** First what only few may do at once. Of both first the whole runs, which are longer than those that end with the first breach. */
function arranged(tasks: readonly Task[]): Task[] {
  const [onServers, embedded] = [tasks.filter(isOnServers), tasks.filter((task) => !isOnServers(task))]
  return [onServers, embedded].flatMap((some) => [
    ...some.filter(({ sabotage }) => !sabotage),
    ...mixed(some.filter(({ sabotage }) => sabotage)),
  ])
}

/** One of each prover in turn: some wait most of the time, and others work meanwhile. */
function mixed(tasks: readonly Task[]): Task[] {
  const byProver = [...Map.groupBy(tasks, ({ prover }) => prover).values()]
  const most = Math.max(0, ...byProver.map(({ length }) => length))
  return Array.from({ length: most }, (_, turn) => byProver.flatMap((some) => some.slice(turn, turn + 1))).flat()
}

function wordsFor({ prover, backend, surface, sabotage }: Task, { seed, short }: Asked): string[] {
  const where = surface ? ['--surface', surface] : []
  const words = [prover.name, '--seed', `${seed}`, '--backend', backend, ...where]
  if (!sabotage) return short ? [...words, '--short'] : words
  // A sabotage is caught at its smallest size whatever the form: it shows that the prover sees.
  const runs = sabotage.runs === undefined ? [] : ['--runs', `${sabotage.runs}`]
  return [...words, ...runs, '--sabotage', sabotage.name, '--short']
}

/** A prover that failed has neither held nor caught anything: a fault that only makes it crash is not seen. */
function outcomeOf({ sabotage }: Task, { verdict }: Ended): Outcome {
  if (!verdict) return 'FAILED'
  if (sabotage) return verdict.breaches.length > 0 ? 'caught' : 'MISSED'
  return verdict.breaches.length > 0 ? 'BROKEN' : 'held'
}

function sum(
  asked: Asked,
  skipped: readonly Task[],
  outcomes: ReadonlyMap<Task, { outcome: Outcome; ended: Ended }>,
  say: (line: string) => void,
): number {
  const titles = (wanted: Outcome) =>
    [...outcomes].filter(([, { outcome }]) => outcome === wanted).map(([task]) => titleOf(task))
  const [held, caught, broken, missed, failed] = (['held', 'caught', 'BROKEN', 'MISSED', 'FAILED'] as const).map(titles)
  const { seed, short } = asked
  const slowest = [...outcomes]
    .toSorted(([, one], [, other]) => other.ended.tookMs - one.ended.tookMs)
    .slice(0, SLOWEST)
  say('The slowest:')
  for (const [task, { ended }] of slowest) say(`${(ended.tookMs / 1000).toFixed(1).padStart(7)} s ${titleOf(task)}`)
  for (const [task, { outcome }] of outcomes)
    if (outcome !== 'held' && outcome !== 'caught') say(`${outcome.padEnd(6)} ${titleOf(task)}`)
  say(JSON.stringify({ name: 'all', seed, short, held, caught, broken, missed, failed, skipped: skipped.map(titleOf) }))
  const unproved = process.env.CI ? skipped.length : 0
  return [broken, missed, failed].every((list) => list?.length === 0) && unproved === 0 ? 0 : 1
}

const titleOf = ({ prover, backend, surface, sabotage }: Task) =>
  `${prover.name} on ${backend}${surface ? ` over ${surface}` : ''}${sabotage ? ` with ${sabotage.name}` : ''}`
