import { mkdtemp, rm } from 'node:fs/promises'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { emptyDatabase, PLACES } from './places.ts'
import { memoryOf, type ProcessMemory, startProgram } from './processes.ts'
import { type Bar, type BenchOptions, below } from './report.ts'

/** Resident memory of the idle program with all its processes, and of a production worker alone. Linux tells it per process. */
export default async function memory({ short, say }: BenchOptions) {
  if (platform() !== 'linux')
    return { bars: [], detail: {}, skipped: ['everything: it reads /proc, which only Linux has'] }
  const idleMs = short ? 2_000 : 30_000
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-memory-'))
  const ends: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  const bars: Bar[] = []
  const detail: Record<string, unknown> = { bareNodeMb: Math.round(process.memoryUsage.rss() / 2 ** 20) }
  const skipped: string[] = []
  say(`baseline, this measuring process: ${detail.bareNodeMb} MB`)
  async function idle(what: string, pid: number): Promise<number> {
    await pause(idleMs)
    const processes = memoryOf(pid)
    if (processes.some(({ residentMb }) => residentMb === 0)) throw new Error(`A process of ${what} cannot be read.`)
    detail[what] = processes
    for (const one of processes) say(`${what}: ${one.what} ${one.residentMb} MB`)
    return total(processes)
  }
  try {
    const settings = { QUARTERDECK_LISTEN: '127.0.0.1:0', QUARTERDECK_DATA: folder }
    const embedded = await startProgram('all', settings)
    ends.push(embedded.stop)
    bars.push(below('the idle embedded program, sandbox included', await idle('embedded', embedded.pid), 700, 'MB'))
    const missing = PLACES.find((place) => place.name === 'postgres')?.missing
    if (missing) skipped.push(`a production worker: ${missing}`)
    else {
      const database = await emptyDatabase()
      ends.push(database.drop)
      // The embedded program's sandbox stands for the cluster: a worker reaches it as it would a real one.
      const cluster = join(folder, 'sandbox/kubeconfig.yaml')
      const worker = await startProgram('worker', { QUARTERDECK_STORE_URL: database.url, QUARTERDECK_CLUSTER: cluster })
      ends.push(worker.stop)
      bars.push(below('an idle production worker', await idle('worker', worker.pid), 250, 'MB'))
    }
    return { bars, detail, skipped }
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

const total = (processes: readonly ProcessMemory[]) => processes.reduce((sum, { residentMb }) => sum + residentMb, 0)
