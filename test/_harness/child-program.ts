import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { parse, stringify } from 'yaml'
import { loadConfig } from '../../core/config.ts'
import { resolveSecret } from '../../core/secrets.ts'
import type { Role } from '../../main.ts'
import { type Sandbox, startSandbox } from '../../sandbox/server.ts'
import { backendConfig, backendUnderTest } from './backend.ts'
import { kubectl } from './kubectl.ts'
import { layPreparedStore } from './prepared-store.ts'
import { WebPerson } from './web-person.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const NODE = join(ROOT, 'node_modules/.bin/node')
/** So long that no machine is too busy for it; a program that cannot start says so itself. */
const START_MS = 110_000
/** A killed program's work is free when this has ended: shorter than an operator would want it, because the tests wait for it. */
const LEASE = '5s'

/** The real program in a process of its own, to be ended any way a process can end. */
export interface ChildProgram {
  readonly pid: number
  /** Throws for a worker. */
  readonly address: string
  /** All it wrote, for a test that fails. */
  said(): string
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves with its exit code and how long it took. */
  end(): Promise<{ code: number | null; tookMs: number }>
}

export interface World {
  readonly dataFolder: string
  readonly kubeconfig: string
  start(role?: Role): Promise<ChildProgram>
  /** Somebody of quarterdeck.yaml at the page, wherever it is after a restart. */
  as(person: string, thread?: string): Promise<WebPerson>
  kubectl(...args: string[]): Promise<string>
  /** The name of the process that holds an operation now; where the store is a server. */
  ownerOf(operation: string | null): Promise<string>
  /** The sandbox in the test's own process, when it is not the program's. */
  readonly sandbox: Sandbox | undefined
  close(): Promise<void>
}

/**
 * A place for the program to be started in, killed, and started again: a data folder and a configuration of its own on the backend under
 * test. The cluster is a sandbox in the test's process, which survives the program; or (`own`) the program's own child.
 */
export async function childWorld(options: { own?: boolean; speed?: number; config?: object } = {}): Promise<World> {
  const speed = options.speed ?? 10
  const dataFolder = mkdtempSync(join(tmpdir(), 'quarterdeck-child-'))
  const file = join(dataFolder, 'quarterdeck.yaml')
  const sandbox = options.own ? undefined : await startSandbox({ seed: 1, speed, withPast: false })
  const backend = await backendConfig(backendUnderTest())
  // A program that runs its own sandbox makes its own store, too: the very first start is tried by that.
  if (sandbox && backendUnderTest() === 'pglite') await layPreparedStore(join(dataFolder, 'data'))
  const example = parse(readFileSync(join(ROOT, 'quarterdeck.yaml'), 'utf8')) as object // the example is a mapping
  writeFileSync(
    file,
    stringify({
      ...example,
      ...backend.config,
      dataFolder: join(dataFolder, 'data'),
      listen: { host: '127.0.0.1', port: 0 },
      cluster: sandbox ? { sandbox: sandbox.url } : 'sandbox',
      sandbox: { seed: 1, speed, port: 0 },
      lease: LEASE,
      drain: '0s',
      log: 'warn',
      ...options.config,
    }),
  )
  const kubeconfig = join(dataFolder, 'data', 'sandbox', 'kubeconfig.yaml')
  const children = new Set<ChildProcess>()
  let page: ChildProgram | undefined
  return {
    dataFolder,
    kubeconfig,
    sandbox,
    async start(role = 'all') {
      const child = spawn(NODE, ['main.ts', role], {
        cwd: ROOT,
        env: { ...process.env, QUARTERDECK_CONFIG: file },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      children.add(child)
      child.once('exit', () => children.delete(child))
      const program = await started(child)
      if (role !== 'worker') page = program
      return program
    },
    as(person, thread) {
      const address = () => {
        if (!page) throw new Error('no program with a page was started')
        return page.address
      }
      return WebPerson.enter(address, person, thread)
    },
    kubectl: (...args) => kubectl(kubeconfig, args),
    async ownerOf(operation) {
      const { store } = loadConfig({ file })
      if (store.kind !== 'postgres') throw new Error('the embedded store has one process only')
      const client = new pg.Client({ connectionString: resolveSecret(store.url) })
      await client.connect()
      const question = 'select lease_owner from quarterdeck.operations where id = $1'
      const { rows } = await client.query(question, [operation]).finally(() => client.end())
      return String(rows[0]?.lease_owner)
    },
    async close() {
      await Promise.all([...children].map((child) => gone(child, 'SIGKILL')))
      await sandbox?.close()
      await backend.drop()
      rmSync(dataFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
    },
  }
}

async function started(child: ChildProcess): Promise<ChildProgram> {
  const lines: string[] = []
  const said = () => lines.join('\n')
  const address = await new Promise<string | undefined>((resolve, reject) => {
    const { stdout, stderr } = child
    if (!stdout || !stderr) throw new Error('its output is not kept')
    const timer = setTimeout(() => reject(new Error(`The program does not start:\n${said()}`)), START_MS)
    child.once('exit', (code, signal) => reject(new Error(`The program ended with ${code ?? signal}:\n${said()}`)))
    for (const stream of [stdout, stderr])
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        const at = /^Quarterdeck is at (\S+)/.exec(line)?.[1]
        if (!at && !/^Quarterdeck worker works/.test(line)) return
        clearTimeout(timer)
        resolve(at)
      })
  })
  return {
    pid: child.pid ?? Number.NaN,
    get address() {
      if (!address) throw new Error('a worker has no page')
      return address
    },
    said,
    async kill() {
      await gone(child, 'SIGKILL')
    },
    async end() {
      const before = Date.now()
      await gone(child, 'SIGTERM')
      return { code: child.exitCode, tookMs: Date.now() - before }
    },
  }
}

async function gone(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}

/** Waits until it is so; looks often, gives up after half a minute. */
export async function eventually(what: string, is: () => Promise<boolean>, patienceMs = 30_000): Promise<void> {
  const until = Date.now() + patienceMs
  while (!(await is())) {
    if (Date.now() > until) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
