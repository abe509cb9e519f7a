import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { Sabotage } from '../prover.ts'
import { sabotaged } from '../sabotage.ts'

const RUN = join(import.meta.dirname, '../run.ts')
/** A short run ends before it pays to compile the embedded engine a second time, better. */
const SIMPLY = ['--liftoff-only']

const Breach = z.object({ promise: z.string(), what: z.string(), seed: z.number().optional() })
const Verdict = z.object({
  name: z.string(),
  seed: z.number(),
  backend: z.string(),
  runs: z.number(),
  tried: z.record(z.string(), z.number()),
  breaches: z.array(Breach),
  figures: z.record(z.string(), z.number()).optional(),
  sabotage: z.string().optional(),
})
export type Verdict = z.infer<typeof Verdict>

export interface Ended {
  readonly code: number
  /** Undefined when it ended without one: the prover itself failed. */
  readonly verdict: Verdict | undefined
  readonly tookMs: number
}

export interface ChildOptions {
  readonly sabotage?: Sabotage | undefined
  readonly hear: (line: string) => void
  /** Then it is killed with all it started. */
  readonly patienceMs?: number
}

/** One prover in a process of its own, with the fault in it if there is one. Rejects when the fault has no one place. */
export async function proveInChild(words: readonly string[], options: ChildOptions): Promise<Ended> {
  const { sabotage, hear, patienceMs } = options
  const faulty = sabotage ? sabotaged(sabotage) : {}
  const began = performance.now()
  // A group of its own, so that what it started goes with it.
  const child = spawn(process.execPath, [...(words.includes('--short') ? SIMPLY : []), RUN, ...words], {
    env: { ...process.env, ...faulty },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const killAll = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // The whole group has ended already.
    }
  }
  process.once('exit', killAll)
  const onSignal = () => process.exit(130)
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  const timer = patienceMs === undefined ? undefined : setTimeout(killAll, patienceMs)
  let last = ''
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = line
    hear(line)
  })
  createInterface({ input: child.stderr }).on('line', hear)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      killAll()
      process.off('exit', killAll)
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
      if (signal) hear(`It was ended by ${signal} after ${Math.round((performance.now() - began) / 1000)} s.`)
      resolve({ code: code ?? 3, verdict: signal ? undefined : verdictIn(last), tookMs: performance.now() - began })
    })
  })
}

function verdictIn(line: string): Verdict | undefined {
  try {
    return Verdict.parse(JSON.parse(line))
  } catch {
    // Its last line is no verdict: it did not come to one.
    return undefined
  }
}
