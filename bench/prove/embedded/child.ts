import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const Told = z.union([
  z.object({ opened: z.literal(true), restoredFrom: z.string().nullable(), operations: z.number() }),
  z.object({ accepted: z.string() }),
  z.object({ refused: z.string() }),
  z.object({ snapshot: z.literal(true) }),
])
export type Opened = Extract<z.infer<typeof Told>, { opened: true }>

/** A writer on the folder, in a process of its own. */
export interface Writer {
  readonly pid: number
  /** What it has said to be stored. */
  readonly accepted: readonly string[]
  /** Resolves when it has opened the store; undefined when it ended or was refused before. */
  readonly opened: Promise<Opened | undefined>
  readonly refusal: string | undefined
  /** Resolves when so many were accepted; rejects when it ends before. */
  has(count: number): Promise<void>
  order(what: 'snapshot' | 'close'): void
  /** `kill -9`; resolves when it is gone and all it said is heard. */
  kill(): Promise<void>
}

export function startWriter(folder: string, name: string, accepted: string[] = []): Writer {
  // It is killed long before it would pay to optimise the engine's code.
  const words = ['--liftoff-only', join(import.meta.dirname, 'writer.ts'), folder, name]
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
  // Orders to a process that was killed meanwhile go nowhere.
  child.stdin.on('error', () => undefined)
  const opened = Promise.withResolvers<Opened | undefined>()
  let refusal: string | undefined
  let hear = () => {}
  const ended = once(child, 'close').then(() => {
    opened.resolve(undefined)
    hear()
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = parsed(line)
    if (!told) return
    if ('opened' in told) opened.resolve(told)
    if ('refused' in told) refusal = told.refused
    if ('accepted' in told) accepted.push(told.accepted)
    hear()
  })
  return {
    pid: child.pid ?? Number.NaN,
    accepted,
    opened: opened.promise,
    get refusal() {
      return refusal
    },
    async has(count) {
      while (accepted.length < count) {
        if (isGone(child)) throw new Error(`the writer ended by itself (${child.exitCode ?? child.signalCode})`)
        await new Promise<void>((resolve) => {
          hear = resolve
        })
      }
    },
    order: (what) => void child.stdin.write(`${what}\n`),
    async kill() {
      if (!isGone(child)) child.kill('SIGKILL')
      await ended
    },
  }
}

const isGone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

/** The last line of a process that was killed may be cut off: what it did not finish saying was not said. */
function parsed(line: string) {
  try {
    return Told.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
