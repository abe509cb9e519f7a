import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import { parse, stringify } from 'yaml'
import { silentLogger } from '../../../core/ports/logger.ts'
import { verifyAudit } from '../../../db/audit-chain/verify.ts'
import { openStore } from '../../../db/store.ts'
import { housekeeping } from '../../../jobs/housekeeping.ts'
import { type Random, randomFrom } from '../frame/random.ts'
import type { Breach } from '../prover.ts'
import { startWriter, type Writer } from './child.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** In turn, so that a few kills are of every kind already. */
const MOMENTS = ['writing', 'snapshot', 'writing', 'closing', 'opening', 'writing'] as const
/** One in so many starts is a race of two, one in so many second servers the whole program: the third of them first. */
const RACE_IN = 8
const PROGRAM_IN = 20
const isEvery = (run: number, times: number) => run % times === 2
const OPENS_WITHIN_MS = 90_000

interface Killing {
  readonly folder: string
  readonly accepted: string[]
  readonly breaches: Breach[]
  readonly tried: Record<'kills' | 'opened' | 'seconds' | 'races' | (typeof MOMENTS)[number], number>
  /** How long an opening took the last time: kills in the midst of one aim by it. */
  openMs: number
}

const lost = (what: string): Breach => ({ promise: 'kill -9 loses nothing that was accepted', what })
const second = (what: string): Breach => ({ promise: 'a second server on the data folder is refused', what })

/** Kills a writer at moments that chance chooses and starts the next on what it left, again and again; looks at everything in the end. */
export async function killOften(folder: string, runs: number, seed: number, stopAtFirst: boolean) {
  const tried = { kills: 0, opened: 0, seconds: 0, races: 0, opening: 0, writing: 0, snapshot: 0, closing: 0 }
  const killing: Killing = { folder, accepted: [], breaches: [], tried, openMs: 3_000 }
  for (let run = 0; run < runs && !(stopAtFirst && killing.breaches.length > 0); run++)
    await killOnce(killing, run, randomFrom(seed * 1_000 + run))
  if (!stopAtFirst || killing.breaches.length === 0) await lookAtAll(killing)
  return { breaches: killing.breaches, tried: { ...tried, accepted: killing.accepted.length } }
}

async function killOnce(killing: Killing, run: number, random: Random): Promise<void> {
  const { folder, accepted, tried, breaches } = killing
  const name = `start-${run}`
  const moment = MOMENTS[run % MOMENTS.length] ?? 'writing'
  const raced = isEvery(run, RACE_IN)
  const before = accepted.length
  const started = performance.now()
  const starters = Array.from({ length: raced ? 2 : 1 }, (_, index) =>
    startWriter(folder, `${name}-${index}`, accepted),
  )
  try {
    if (moment === 'opening' && !raced) {
      await after(random.fraction() * killing.openMs)
      tried.opening += 1
      return
    }
    const writer = await theOneThatOpens(killing, starters, before, name)
    if (!writer) return
    killing.openMs = performance.now() - started
    await writer.has(before + 1 + random.below(60))
    await refuseSecond(killing, writer, isEvery(run, PROGRAM_IN))
    if (moment === 'snapshot' || moment === 'closing') writer.order(moment === 'closing' ? 'close' : 'snapshot')
    await after(random.below(moment === 'writing' ? 20 : 400))
    tried[moment] += 1
  } catch (error) {
    breaches.push(lost(`start ${name}: ${error}`))
  } finally {
    await Promise.all(starters.map((writer) => writer.kill()))
    tried.kills += 1
  }
}

/** Of two that start at once one gets the folder, with all that was accepted in it, and the other is told who has it. */
async function theOneThatOpens(killing: Killing, starters: readonly Writer[], before: number, name: string) {
  const { tried, breaches } = killing
  const late = after(OPENS_WITHIN_MS, undefined, { ref: false })
  const looks = await Promise.all(starters.map((writer) => Promise.race([writer.opened, late])))
  const opened = looks.flatMap((look, index) => (look ? [{ look, writer: starters[index] }] : []))
  const [first] = opened
  if (starters.length > 1) {
    tried.races += 1
    const told = starters.find(({ refusal }) => refusal)?.refusal ?? 'nothing'
    if (opened.length === 2 || !told.includes('is in use by'))
      breaches.push(
        second(`at ${name} two started at once: ${opened.length} got the folder, the other was told: ${told}`),
      )
  }
  if (!first) {
    breaches.push(lost(`${name} did not open the store again: ${starters[0]?.refusal ?? 'it came to nothing'}`))
    return undefined
  }
  tried.opened += 1
  const { operations, restoredFrom } = first.look
  if (restoredFrom) breaches.push(lost(`${name} found the store broken and restored it from ${restoredFrom}`))
  if (operations < before)
    breaches.push(lost(`${name} found ${operations} operations, though ${before} had been accepted before it`))
  return first.writer
}

async function refuseSecond({ folder, tried, breaches }: Killing, writer: Writer, whole: boolean): Promise<void> {
  tried.seconds += 1
  const told = whole ? await startProgram(folder) : await openHere(folder)
  if (!told.includes(`in use by process ${writer.pid}`))
    breaches.push(
      second(`process ${writer.pid} had the folder, and ${whole ? 'a program' : 'another store'} on it said: ${told}`),
    )
}

async function openHere(folder: string): Promise<string> {
  try {
    await openStore({ backend: 'pglite', folder }, silentLogger)
    return 'nothing: it opened'
  } catch (error) {
    return String(error)
  }
}

/** The real program on the same data folder; it ends by itself when it is refused. */
async function startProgram(folder: string): Promise<string> {
  const config = `${folder}.yaml`
  const example = parse(await readFile(join(ROOT, 'quarterdeck.yaml'), 'utf8')) as object // the example is a mapping
  await writeFile(config, stringify({ ...example, dataFolder: folder, listen: { host: '127.0.0.1', port: 0 } }))
  const run = promisify(execFile)(process.execPath, ['main.ts'], {
    cwd: ROOT,
    env: { ...process.env, QUARTERDECK_CONFIG: config },
    timeout: OPENS_WITHIN_MS,
  })
  return run.then(
    ({ stdout }) => stdout,
    (error: { stderr?: string }) => error.stderr ?? String(error),
  )
}

/** After the last kill: every accepted operation with its request is there, and the audit holds. */
async function lookAtAll({ folder, accepted, breaches }: Killing): Promise<void> {
  const store = await openStore({ backend: 'pglite', folder }, silentLogger)
  try {
    if (store.house?.restoredFrom)
      breaches.push(lost(`in the end the store was restored from ${store.house.restoredFrom}`))
    const { rows } = await store.db.execute<{ id: string }>(
      sql`select o.id from quarterdeck.operations o join quarterdeck.requests r on r.id = o.request_id`,
    )
    const there = new Set(rows.map(({ id }) => id))
    const missing = accepted.filter((id) => !there.has(id))
    if (missing.length > 0)
      breaches.push(lost(`${missing.length} of ${accepted.length} are gone, the first ${missing[0]}`))
    const heads = join(folder, 'audit-heads.jsonl')
    await housekeeping(store, heads).finish()
    const { ok, firstBad, unsealed } = await verifyAudit(store, heads)
    if (!ok || unsealed > 0) breaches.push(lost(`the audit does not hold: ${firstBad?.why ?? `${unsealed} unsealed`}`))
  } finally {
    await store.close()
  }
}
