import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { parse, stringify } from 'yaml'
import { layOutEmpty, layOutShop } from '../frame/prepared.ts'
import type { Inside } from './inside.ts'

const ROOT = join(import.meta.dirname, '../../..')
const INSIDE = pathToFileURL(join(import.meta.dirname, 'inside.ts')).href

/** The real program as a child, with somebody inside who answers questions. */
export interface Target {
  readonly address: string
  ask<About extends 'routes' | 'memory' | 'hastened'>(about: About): Promise<Extract<Inside, { about: About }>>
  /** Log lines of warnings and errors so far, the program's own and whatever else it wrote there. */
  readonly complaints: readonly string[]
  /** What nobody caught, and whether it is still there. */
  readonly uncaught: readonly string[]
  readonly alive: boolean
  close(): Promise<void>
}

/** Starts it on the example configuration, changed by `change`, with a data folder of its own. */
export async function startTarget(change: object = {}): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-fuzz-'))
  const file = join(folder, 'quarterdeck.yaml')
  const example: object = parse(readFileSync(join(ROOT, 'quarterdeck.yaml'), 'utf8'))
  const own = { dataFolder: join(folder, 'data'), listen: { host: '127.0.0.1', port: 0 }, log: 'warn' }
  await layOutEmpty(own.dataFolder)
  await layOutShop(join(own.dataFolder, 'sandbox'))
  await writeFile(file, stringify({ ...example, ...own, ...change }))
  const words = [...process.execArgv, '--expose-gc', '--max-semi-space-size=8', `--import=${INSIDE}`, 'main.ts', 'all']
  const inherited = Object.entries(process.env).filter(([name]) => !/^QUARTERDECK_(?!PROVE)/.test(name))
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), QUARTERDECK_CONFIG: file },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const complaints: string[] = []
  const uncaught: string[] = []
  child.on('message', (message: Inside) => {
    if (message.about === 'uncaught') uncaught.push(message.error)
  })
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('The program was started with its output kept.')
  createInterface({ input: stderr }).on('line', (line) => complaints.push(line))
  const address = await ready(child, stdout, complaints)
  return {
    address,
    complaints,
    uncaught,
    get alive() {
      return child.exitCode === null && child.signalCode === null
    },
    ask: (about) =>
      new Promise((resolve, reject) => {
        const hear = (message: Inside) => {
          if (message.about !== about) return
          child.off('message', hear)
          child.off('exit', ended)
          // The line above compared them.
          resolve(message as Extract<Inside, { about: typeof about }>)
        }
        const ended = () => reject(new Error(`The program ended: ${complaints.slice(-5).join('\n')}`))
        child.once('exit', ended)
        child.on('message', hear)
        child.send(about)
      }),
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGTERM')
        const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
        await gone
        clearTimeout(timer)
      }
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

function ready(child: ChildProcess, stdout: NodeJS.ReadableStream, said: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const address = /^Quarterdeck is at (\S+)/.exec(line)?.[1]
      if (address) resolve(address)
    })
    child.once('exit', (code) => reject(new Error(`The program ended with ${code}:\n${said.join('\n')}`)))
  })
}
