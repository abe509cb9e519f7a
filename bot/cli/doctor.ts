import type { Config } from '../../core/config.ts'
import { messageOf } from '../../core/errors.ts'
import { ownerOf } from '../../db/embedded/lock.ts'
import { outliveReader } from './closed-pipe.ts'

/** What a part says of itself. */
interface Finding {
  readonly ok: boolean
  readonly says: string
}

type Probes = Readonly<Record<string, () => Promise<Finding>>>

export interface Check {
  readonly name: string
  readonly look: () => Promise<Finding>
  /** Shown only: the program serves without it. */
  readonly optional?: boolean
}

interface Started {
  readonly health: Parameters<typeof checksOf>[0]
  close(): Promise<void>
}

/** Asks the program that runs here, or else starts every part once on a port of its own, takes no jobs, looks, and ends it. */
export async function doctor(
  config: Config,
  start: (config: Config, role: 'all' | 'bot') => Promise<Started>,
  write: (line: string) => void,
): Promise<number> {
  outliveReader(process.stdout, process.stderr)
  const checks = config.store.kind === 'embedded' ? await runningChecks(config.dataFolder) : undefined
  if (checks) return runDoctor(checks, write)
  const role = config.cluster.kind === 'sandbox' && !config.cluster.url ? 'all' : 'bot'
  const aside = { ...config, listen: { host: '127.0.0.1', port: 0 }, metrics: undefined, tracing: undefined }
  const program = await start(aside, role)
  try {
    return await runDoctor(checksOf(program.health), write)
  } finally {
    await program.close()
  }
}

/** Looks at every part, one line each. Resolves with the exit code: 1 when something needed is not well. */
export async function runDoctor(checks: readonly Check[], write: (line: string) => void): Promise<number> {
  let sick = 0
  const width = Math.max(...checks.map(({ name }) => name.length))
  for (const { name, look, optional } of checks) {
    const { ok, says } = await look().catch((error: unknown) => ({ ok: false, says: messageOf(error) }))
    if (!ok && !optional) sick += 1
    write(`${ok ? 'ok  ' : optional ? 'warn' : 'FAIL'}  ${name.padEnd(width)}  ${says}`)
  }
  write(sick === 0 ? 'All that is needed is well.' : `${sick} of ${checks.length} checks failed.`)
  return sick === 0 ? 0 : 1
}

/** The parts of a program in this process. */
export function checksOf(health: { readonly needed: Probes; readonly shown?: Probes }): Check[] {
  const listed = (probes: Probes = {}, optional = false) =>
    Object.entries(probes).map(([name, look]): Check => ({ name, look, optional }))
  return [...listed(health.needed), ...listed(health.shown, true)]
}

/** The parts of the embedded program that runs on this data folder, as it tells them; undefined when none runs. */
async function runningChecks(dataFolder: string): Promise<Check[] | undefined> {
  const owner = ownerOf(dataFolder)
  if (!owner) return undefined
  const running = {
    ok: true,
    says: `process ${owner.pid} since ${owner.startedAt}, at ${owner.address ?? 'no address yet'}`,
  }
  const self: Check = { name: 'program', look: async () => running }
  if (!owner.address) return [self]
  const parts = await partsAt(owner.address)
  if (!parts) {
    const says = `does not tell how it is: it hangs, or has too much to do. Look into its log; if it stays so, end process ${owner.pid} and start it again`
    return [self, { name: 'answer', look: async () => ({ ok: false, says }) }]
  }
  const told = Object.entries(parts).map(([name, finding]): Check => {
    return { name, look: async () => finding, optional: name !== 'store' && name !== 'queue' }
  })
  return [self, ...told]
}

/** Each part's own patience is two seconds. */
const ANSWER_WITHIN_MS = 10_000

/** What a running program says of its parts; undefined when it does not. */
async function partsAt(address: string): Promise<Record<string, Finding> | undefined> {
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    return ((await response.json()) as { parts: Record<string, Finding> }).parts // http/health.ts has the other end
  } catch {
    return undefined
  }
}
