import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { type Config, configFrom } from '../../core/config.ts'
import { silentLogger } from '../../core/ports/logger.ts'
import { type Program, startProgram } from '../../main.ts'
import { type Backend, backendConfig, backendUnderTest } from './backend.ts'
import { kubectl } from './kubectl.ts'
import { layPreparedStore } from './prepared-store.ts'
import { WebPerson } from './web-person.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface TestProgram {
  readonly program: Program
  readonly config: Config
  readonly address: string
  readonly dataFolder: string
  readonly kubeconfig: string
  /** Somebody of quarterdeck.yaml, in a conversation of their own (or in another's, to see the same cards). */
  as(person: string, thread?: string): Promise<WebPerson>
  /** Real kubectl on the sandbox; resolves with what it printed, rejects when it failed. */
  kubectl(...args: string[]): Promise<string>
  /** The sandbox's levers: POST to its control API. */
  lever(path: string, body?: object): Promise<unknown>
  /** Ends the program and starts it again on the same data. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** The real program on the example configuration: its own data folder, sandbox, port and (where the backend has one) database. */
export async function startTestProgram(
  options: { readonly config?: object; readonly speed?: number; readonly backend?: Backend } = {},
): Promise<TestProgram> {
  const backend = options.backend ?? backendUnderTest()
  const dataFolder = mkdtempSync(join(tmpdir(), 'quarterdeck-test-'))
  const example = parse(readFileSync(join(ROOT, 'quarterdeck.yaml'), 'utf8')) as object // the example is a mapping
  const chosen = await backendConfig(backend)
  const config = configFrom({
    ...example,
    ...chosen.config,
    dataFolder,
    listen: { host: '127.0.0.1', port: 0 },
    sandbox: { seed: 1, speed: options.speed ?? 20, port: 0 },
    ...options.config,
  })
  if (backend === 'pglite') await layPreparedStore(config.dataFolder)
  let program = await startProgram(config, 'all', silentLogger)
  const kubeconfig = join(dataFolder, 'sandbox', 'kubeconfig.yaml')
  const address = () => {
    if (!program.address) throw new Error('the program has no page')
    return program.address
  }
  return {
    get program() {
      return program
    },
    get address() {
      return address()
    },
    config,
    dataFolder,
    kubeconfig,
    as: (person, thread) => WebPerson.enter(address, person, thread),
    kubectl: (...args) => kubectl(kubeconfig, args),
    async lever(path, body) {
      const response = await fetch(`${program.sandboxUrl}/control/api/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body ?? {}),
      })
      if (!response.ok) throw new Error(`the lever ${path} answered ${response.status}: ${await response.text()}`)
      return response.json()
    },
    async restart() {
      await program.close()
      program = await startProgram(config, 'all', silentLogger)
    },
    async close() {
      await program.close()
      await chosen.drop()
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}
