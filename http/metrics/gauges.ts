import { Gauge, type Registry } from 'prom-client'
import { readMeta } from '../../db/meta.ts'
import type { Store } from '../../db/store.ts'
import { readVitals, type Vitals } from '../../db/vitals.ts'

export interface GaugeSources {
  readonly store: Pick<Store, 'db' | 'backend' | 'transaction'>
  /** This process's part of the queue. */
  readonly jobs: {
    /** Jobs by state. */
    counts(): Promise<Readonly<Record<string, number>>>
    health(): { readonly backend: string; readonly working: number }
  }
  readonly version: string
  readonly role: string
}

/** What stands in the store is asked this often at most, however many scrape. */
const FRESH_MS = 5_000
/** A scrape waits no longer for the store or the queue; Prometheus itself gives up after ten seconds. */
const PATIENCE_MS = 2_000

type Asked<Answer> = { readonly answer: Answer; readonly tookMs: number } | undefined

/**
 * Gauges of what waits in the store and the queue. Returns what brings them up to date before a scrape: it never throws and never waits
 * long; what could not be asked shows in `…_up`, and its gauges are absent rather than old.
 */
export function keepGauges(registry: Registry, sources: GaugeSources): () => Promise<void> {
  const { store, jobs, version, role } = sources
  const registers = [registry]
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `quarterdeck_${name}`, help, labelNames, registers })

  const { backend } = jobs.health()
  gauge('build_info', 'Always 1; what runs here.', 'version', 'role', 'store', 'queue').set(
    { version, role, store: store.backend, queue: backend },
    1,
  )
  const storeUp = gauge('store_up', '1 while the store answers in time.')
  const storeTook = gauge('store_answer_seconds', 'How long the store took for the smallest question.')
  const queueUp = gauge('queue_up', '1 while the queue answers in time.')
  const queueJobs = gauge(
    'queue_jobs',
    'Jobs in the queue; waiting and delayed ones are wanted, finished ones kept for a while.',
    'state',
  )
  const working = gauge('jobs_in_hand', 'Jobs that this process works on now.')
  const operations = gauge('operations', 'Operations that are not over.', 'state', 'skill')
  const operationAge = gauge('operation_oldest_seconds', 'For how long the oldest has been so.', 'state')
  const cardsDue = gauge('cards_due', 'Cards whose newest state is not shown.', 'surface')
  const cardsRefused = gauge(
    'cards_refused',
    'Of the cards due, those that the surface will not take; tried again now and then.',
    'surface',
  )
  const cardAge = gauge(
    'cards_oldest_seconds',
    'For how long the oldest card due, and not refused, has been waiting.',
    'surface',
  )
  const workDue = gauge('outbox_due', 'Work in the store that is due and not done.')
  const workNotInQueue = gauge('outbox_unqueued', 'Of the work due, what is not in the queue.')
  const workAge = gauge('outbox_oldest_seconds', 'For how long the oldest work has been due.')
  const unsealed = gauge('audit_unsealed_rows', 'Audit rows that are not in the hash chain.')
  const sealerLag = gauge('audit_seal_lag_seconds', 'For how long the oldest of them has been waiting.')
  // prom-client's `reset` makes a zero of a gauge without labels, and what is not known is not zero.
  const forget = () => {
    for (const one of [operations, operationAge, cardsDue, cardsRefused, cardAge, queueJobs]) one.reset()
    for (const one of [storeTook, workDue, workNotInQueue, workAge, unsealed, sealerLag]) one.remove()
  }

  const showVitals = (vitals: Vitals) => {
    for (const { state, skill, count } of vitals.operations) operations.set({ state, skill }, count)
    for (const [state, rows] of Map.groupBy(vitals.operations, (row) => row.state))
      operationAge.set({ state }, Math.max(...rows.map((row) => row.oldestSeconds)))
    for (const { surface, due, refused, oldestSeconds } of vitals.cards) {
      cardsDue.set({ surface }, due)
      cardsRefused.set({ surface }, refused)
      cardAge.set({ surface }, oldestSeconds)
    }
    const { work, unsealed: rows } = vitals
    workDue.set(work.due)
    workNotInQueue.set(work.notInQueue)
    workAge.set(work.oldestSeconds)
    unsealed.set(rows.rows)
    sealerLag.set(rows.oldestSeconds)
  }

  const smallest = asker(async () => {
    await readMeta(store.db, 'installation')
  })
  const vitals = asker(() => readVitals(store))
  const counts = asker(() => jobs.counts())

  async function refresh(): Promise<void> {
    // One after the other on the store, so that its answer time is its own.
    const [seen, queued] = await Promise.all([
      smallest().then(async (took) => ({ took, vitals: took && (await vitals()) })),
      counts(),
    ])
    forget()
    storeUp.set(seen.vitals ? 1 : 0)
    if (seen.took) storeTook.set(seen.took.tookMs / 1000)
    if (seen.vitals) showVitals(seen.vitals.answer)
    queueUp.set(queued ? 1 : 0)
    for (const [state, count] of Object.entries(queued?.answer ?? {})) queueJobs.set({ state }, count)
  }

  let fresh: { readonly at: number; readonly done: Promise<void> } | undefined
  return async () => {
    working.set(jobs.health().working)
    const now = performance.now()
    if (!fresh || now - fresh.at > FRESH_MS) fresh = { at: now, done: refresh() }
    await fresh.done
  }
}

/** Asks with patience. While an earlier question hangs no other one is asked: a store that is down must not collect them. */
function asker<Answer>(ask: () => Promise<Answer>): () => Promise<Asked<Answer>> {
  let asking: Promise<Asked<Answer>> | undefined
  return async () => {
    const before = performance.now()
    asking ??= ask()
      .then((answer) => ({ answer, tookMs: performance.now() - before }))
      .catch(() => undefined)
      .finally(() => {
        asking = undefined
      })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PATIENCE_MS)
    })
    const asked = await Promise.race([asking, late])
    clearTimeout(timer)
    return asked
  }
}
