import { messageOf } from '../../core/errors.ts'
import { ownerOf } from '../../db/embedded/lock.ts'

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
export async function runningChecks(dataFolder: string): Promise<Check[] | undefined> {
  const owner = ownerOf(dataFolder)
  if (!owner) return undefined
  const running = {
    ok: true,
    says: `process ${owner.pid} since ${owner.startedAt}, at ${owner.address ?? 'no address yet'}`,
  }
  const self: Check = { name: 'program', look: async () => running }
  if (!owner.address) return [self]
  const response = await fetch(`${owner.address}/readyz`)
  const { parts } = (await response.json()) as { parts: Record<string, Finding> } // http/health.ts has the other end
  const told = Object.entries(parts).map(([name, finding]): Check => {
    return { name, look: async () => finding, optional: /^(?:cluster:|language model$)/.test(name) }
  })
  return [self, ...told]
}
