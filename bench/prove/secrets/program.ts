import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = join(import.meta.dirname, '../../..')
const STARTED_WITHIN_MS = 150_000

/** The real program in a process of its own; every line that it wrote is kept. */
export async function startChild(env: Record<string, string>) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^QUARTERDECK_(?!PROVE)/.test(name))
  const child = spawn(process.execPath, [...process.execArgv, 'main.ts', 'all'], {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const address = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`It does not start:\n${lines.join('\n')}`)), STARTED_WITHIN_MS)
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        const at = /^Quarterdeck is at (\S+)/.exec(line)?.[1]
        if (!at) return
        clearTimeout(timer)
        resolve(at)
      })
    child.once('exit', (code) => reject(new Error(`It ended with ${code}:\n${lines.join('\n')}`)))
  })
  return {
    address,
    lines,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
      await gone
      clearTimeout(timer)
    },
  }
}
