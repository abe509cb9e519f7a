import { availableParallelism } from 'node:os'
import { inLanes } from '../../places.ts'
import type { Backend, Prover, Sabotage } from '../prover.ts'
import type { Asked } from './arguments.ts'
import { type Ended, proveInChild } from './child.ts'
import { backendOf, loadProver, missingFor, proverNames } from './house.ts'

interface Task {
  readonly prover: Prover
  readonly backend: Backend
  readonly sabotage?: Sabotage
}
type Outcome = 'held' | 'caught' | 'BROKEN' | 'MISSED' | 'FAILED'

/** A prover of the short form that takes longer hangs. */
const PATIENCE_MS = 300_000
const SLOWEST = 10

/** Every prover on each backend it supports, and every sabotage of it on one. Resolves with the exit code. */
export async function proveAll(asked: Asked, say: (line: string) => void): Promise<number> {
  const provers = await Promise.all(proverNames().map(loadProver))
  if (provers.length === 0) throw new Error('There is no prover in bench/prove.')
  const wanted = provers.flatMap(tasksOf).filter(({ backend }) => !asked.backend || backend === asked.backend)
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
    // What goes right in a sabotage is a breach with its story; only the unexpected is told whole.
    const told = outcome === 'held' || outcome === 'caught' ? lines.slice(-1) : lines
    say([`=== ${titleOf(task)}: ${outcome} (${(ended.tookMs / 1000).toFixed(1)} s)`, ...told].join('\n'))
  }
  const [alone, beside] = [tasks.filter(({ prover }) => prover.alone), tasks.filter(({ prover }) => !prover.alone)]
  const at = async (list: readonly Task[], index: number) => list[index] && perform(list[index])
  await inLanes(asked.short ? Math.min(2, availableParallelism()) : 1, beside.length, (index) => at(beside, index))
  await inLanes(1, alone.length, (index) => at(alone, index))
  return sum(asked, skipped, outcomes, say)
}

function tasksOf(prover: Prover): Task[] {
  return [
    ...prover.backends.map((backend) => ({ prover, backend })),
    ...prover.sabotages.map((sabotage) => ({ prover, backend: backendOf(prover, sabotage), sabotage })),
  ]
}

function wordsFor({ prover, backend, sabotage }: Task, { seed, short }: Asked): string[] {
  const words = [prover.name, '--seed', `${seed}`, '--backend', backend]
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

const titleOf = ({ prover, backend, sabotage }: Task) =>
  `${prover.name} on ${backend}${sabotage ? ` with ${sabotage.name}` : ''}`
