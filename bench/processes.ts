import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

const ROOT = join(import.meta.dirname, '..')
const NODE = join(ROOT, 'node_modules/.bin/node')

/** What `npm start` gives to node: the options it runs with, then main.ts. */
function startWords(): string[] {
  const { scripts } = Manifest.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))
  const [node, ...words] = scripts.start.split(' ')
  if (node !== 'node')
    throw new Error(`"npm start" is "${scripts.start}"; this measures what it starts only if that is node.`)
  return words
}

const Manifest = z.object({ scripts: z.object({ start: z.string() }) })

/** The real program in a process of its own, as people start it. */
export interface RunningProgram {
  readonly pid: number
  /** Where its page is; undefined for a worker. */
  readonly address: string | undefined
  /** Lines it has said so far, for when something is wrong. */
  readonly said: readonly string[]
  stop(): Promise<void>
}

/**
 * Starts it and waits until it says that it works. `settings` are QUARTERDECK_ variables; the machine's own are left out, so that every
 * run measures the same.
 */
export async function startProgram(role: 'all' | 'worker', settings: Record<string, string>): Promise<RunningProgram> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('QUARTERDECK_'))
  const child = spawn(NODE, [...startWords(), role], {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
  const { address } = await ready(child, said)
  if (child.pid === undefined) throw new Error('A program that spoke has a process id.')
  return { pid: child.pid, address, said, stop: () => stop(child) }
}

function ready(child: ChildProcess, said: string[]): Promise<{ address: string | undefined }> {
  return new Promise((resolve, reject) => {
    const stdout = child.stdout
    if (!stdout) throw new Error('The program was started with its output kept.')
    createInterface({ input: stdout }).on('line', (line) => {
      said.push(line)
      const address = /^Quarterdeck is at (\S+)/.exec(line)?.[1]
      if (address || /^Quarterdeck \w+ works/.test(line)) resolve({ address })
    })
    child.once('exit', (code) => reject(new Error(`The program ended with ${code}:\n${said.join('\n')}`)))
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
  await gone
  clearTimeout(timer)
}

/** One process and how much of the machine's memory is resident for it, in MB (2^20 bytes), from Linux's /proc. */
export interface ProcessMemory {
  readonly pid: number
  readonly what: string
  readonly residentMb: number
}

/** A process and all that it started. */
export function memoryOf(root: number): ProcessMemory[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = field(Number(entry), /^PPid:\s+(\d+)/m)
    if (parent !== undefined) parents.set(Number(entry), parent)
  }
  const isOurs = (pid: number | undefined): boolean => pid !== undefined && (pid === root || isOurs(parents.get(pid)))
  return [...parents.keys()].filter(isOurs).map((pid) => ({
    pid,
    what: pid === root ? 'program' : nameOf(pid),
    residentMb: Math.round((field(pid, /^VmRSS:\s+(\d+)/m) ?? 0) / 1024),
  }))
}

function field(pid: number, pattern: RegExp): number | undefined {
  try {
    const found = pattern.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return found === undefined ? undefined : Number(found)
  } catch {
    // It ended meanwhile.
    return undefined
  }
}

function nameOf(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words.find((word) => word.endsWith('.ts'))?.replace(`${ROOT}/`, '') ?? words[0] ?? 'unknown'
  } catch {
    return 'ended'
  }
}
