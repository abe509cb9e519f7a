import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether the real one is on this machine. */
export const hasPrometheus = ['prometheus', 'promtool'].every((name) => spawnSync(name, ['--version']).status === 0)

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

/** The real Prometheus, scraping every second. */
export interface RealPrometheus {
  /** Throws what Prometheus says when it cannot parse the query. */
  query(text: string): Promise<readonly Sample[]>
  /** Names of everything the targets tell of, whether there are samples or not. */
  names(): Promise<ReadonlySet<string>>
  rules(): Promise<readonly { readonly name: string; readonly query: string; readonly health: string }[]>
  close(): Promise<void>
}

export async function startPrometheus(target: string, rules: string): Promise<RealPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-prometheus-'))
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: [{ job_name: 'quarterdeck', static_configs: [{ targets: [new URL(target).host] }] }],
  }
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config))
  const port = await freePort()
  const child = spawn('prometheus', [
    ...['--config.file', join(folder, 'prometheus.yml'), '--storage.tsdb.path', join(folder, 'data')],
    ...['--web.listen-address', `127.0.0.1:${port}`, '--log.level', 'error'],
  ])
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)
    const answer = (await response.json()) as { status: string; error?: string; data: unknown } // Prometheus' own shape
    if (answer.status !== 'success') throw new Error(`${answer.error} (${path})`)
    return answer.data
  }
  return {
    async query(text) {
      const { result } = (await ask(`query?query=${encodeURIComponent(text)}`)) as { result: Sample[] }
      return result
    },
    async names() {
      return new Set(Object.keys((await ask('metadata')) as object))
    },
    async rules() {
      const { groups } = (await ask('rules')) as {
        groups: { rules: { name: string; query: string; health: string }[] }[]
      }
      return groups.flatMap((group) => group.rules)
    },
    async close() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
