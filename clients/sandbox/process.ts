import { type ChildProcess, fork } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError } from '../../core/errors.ts'
import type { Logger } from '../../core/ports/logger.ts'

export interface SandboxProcess {
  /** Where the simulated cluster, its registry and its control page are served. */
  readonly url: string
  /** A kubeconfig file with the context `sandbox`. */
  readonly kubeconfig: string
  close(): Promise<void>
}

export interface SandboxProcessOptions {
  /** The cluster and its kubeconfig are kept here between runs. */
  readonly folder: string
  readonly seed: number
  /** Simulated seconds per real second. */
  readonly speed: number
  /** 0 = any free one. */
  readonly port: number
  readonly log: Logger
}

const PROGRAM = fileURLToPath(new URL('../../sandbox/server.ts', import.meta.url))
/** It allocates little and briefly: a small young generation keeps it a quarter smaller (about 150 MB resident). */
const SMALL = ['--max-semi-space-size=4', '--optimize-for-size']
const START_TIMEOUT_MS = 60_000
const END_TIMEOUT_MS = 5_000
const RESTART_AFTER_MS = 1_000

/**
 * Runs the sandbox as a child process (decision 5). It ends with this process; when it ends by itself it is started again on the same
 * port. Throws ConfigError when it does not start, with what it said.
 */
export async function startSandboxProcess(options: SandboxProcessOptions): Promise<SandboxProcess> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const kubeconfig = join(options.folder, 'kubeconfig.yaml')
  let closing = false
  let { child, url } = await launch(options, options.port, kubeconfig)
  watch()

  function watch(): void {
    child.once('exit', (code, signal) => {
      if (closing) return
      options.log.error({ code, signal }, 'The sandbox ended by itself; it is started again.')
      setTimeout(() => void restart(), RESTART_AFTER_MS).unref()
    })
  }
  async function restart(): Promise<void> {
    if (closing) return
    try {
      ;({ child, url } = await launch(options, Number(new URL(url).port), kubeconfig))
      // Closed meanwhile: there was nothing to end then.
      if (closing) child.kill('SIGTERM')
      watch()
    } catch (error) {
      options.log.error({ err: error }, 'The sandbox did not start again; it is tried once more.')
      setTimeout(() => void restart(), RESTART_AFTER_MS).unref()
    }
  }

  return {
    get url() {
      return url
    },
    kubeconfig,
    async close() {
      closing = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS)
      await ended
      clearTimeout(timer)
    },
  }
}

async function launch(
  options: SandboxProcessOptions,
  port: number,
  kubeconfig: string,
): Promise<{ child: ChildProcess; url: string }> {
  const dataFile = join(options.folder, 'cluster.json')
  const flags = { port, seed: options.seed, speed: options.speed, 'data-file': dataFile, kubeconfig }
  const words = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)])
  // In a process group of its own: Ctrl-C in the terminal ends us, and we end it; it must not look as if it fell over.
  const child = fork(PROGRAM, words, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: SMALL, detached: true })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-2_000)
    options.log.warn({ said: text.trim() }, 'The sandbox says something.')
  })
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(new ConfigError(`The sandbox did not start: ${said.trim() || why}`))
    }
    const timer = setTimeout(() => fail(`no answer within ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS)
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code) => fail(`it ended with code ${code}`))
    child.once('message', (message) => {
      clearTimeout(timer)
      child.removeAllListeners('exit')
      if (typeof message === 'object' && 'url' in message && typeof message.url === 'string')
        resolve({ child, url: message.url })
      else fail('it did not say its address')
    })
  })
}
