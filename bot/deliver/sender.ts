import { messageOf } from '../../core/errors.ts'
import { randomCode } from '../../core/ids.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { OutgoingMessage, Surface } from '../../core/ports/surface.ts'
import { claimDeliveries, type DueDelivery, markPosting, markSendFailed, markSent } from '../../db/deliveries.ts'
import type { Store } from '../../db/store.ts'
import { retryDelayMs } from './back-off.ts'
import { Bell } from './bell.ts'

export interface SenderOptions {
  readonly store: Store
  /** The surfaces served by this sender, in one round: put quick ones (web, cli) together and slow ones apart. */
  readonly surfaces: readonly Surface[]
  readonly log: Logger
  readonly clock: () => Date
  readonly pollMs?: number
  /** A burst of hints within this time is one round. */
  readonly gatherMs?: number
  /** Messages on their way to one surface at the same time. */
  readonly concurrency?: number
}

export interface Sender {
  /** Ends after the round under way; what was claimed and not sent is free again when its lease ends. */
  close(): Promise<void>
}

const LEASE_MS = 30_000
const BATCH = 100

/**
 * Sends due deliveries: newest revision only, the first as a post, later ones as edits of it. At least once: what was posted but
 * not recorded is looked for on the surface before it is posted again. What fails stays due, with back-off, for ever: the last word
 * on an operation is never dropped.
 */
export async function startSender(options: SenderOptions): Promise<Sender> {
  const { store, log, clock, pollMs = 500, gatherMs = 20, concurrency = 4 } = options
  const surfaces = new Map(options.surfaces.map((surface) => [surface.name, surface]))
  const names = [...surfaces.keys()]
  const owner = `sender-${randomCode(8)}`
  const bell = new Bell()
  const mine = new Set<string>(names)
  const stopListening = await store.listen('delivery', (payload) => {
    if (mine.has(payload.split(' ', 1)[0] ?? '')) bell.ring()
  })
  let open = true
  let storeDown = false

  async function round(): Promise<boolean> {
    const now = clock()
    const due = await claimDeliveries(store.db, { surfaces: names, owner, now, leaseMs: LEASE_MS, limit: BATCH })
    if (due.length === 0) return false
    const firstPosts = due.filter((row) => row.ref === null && surfaces.get(row.surface)?.find)
    await markPosting(
      store.db,
      firstPosts.map(({ id }) => id),
    )
    const sent = await inLanes(due, concurrency, (row) => send(row))
    await markSent(
      store.db,
      sent.filter((one) => one !== undefined),
    )
    return due.length === BATCH
  }

  async function send(row: DueDelivery): Promise<Parameters<typeof markSent>[1][number] | undefined> {
    const surface = surfaces.get(row.surface)
    if (!surface) return undefined
    try {
      const ref = await show(surface, row)
      return { id: row.id, revision: row.revision, ref }
    } catch (error) {
      const waitMs = retryDelayMs(error, row.attempts)
      const { id, surface: name, attempts } = row
      log.warn(
        { deliveryId: id, surface: name, attempts, waitMs, err: error },
        'a card could not be sent; it stays due',
      )
      const nextAt = new Date(clock().getTime() + waitMs)
      await markSendFailed(store.db, { id, error: messageOf(error), nextAt })
      return undefined
    }
  }

  async function run() {
    while (open) {
      try {
        const more = await round()
        if (storeDown) log.info({}, 'the store answers again; cards are being sent')
        storeDown = false
        if (more) continue
        await bell.rung(pollMs)
        await bell.still(gatherMs)
      } catch (error) {
        // Claimed rows come back by their lease; saying it once is enough.
        if (!storeDown) log.warn({ err: error }, 'cards cannot be sent while the store does not answer')
        storeDown = true
        await bell.still(1_000)
      }
    }
  }
  const running = run()
  return {
    async close() {
      open = false
      bell.close()
      await stopListening()
      await running
    },
  }
}

async function show(surface: Surface, row: DueDelivery): Promise<string> {
  const message = messageFrom(row)
  // `attempts` was read as it stood before this round wrote its own mark.
  const ref = row.ref ?? (row.attempts > 0 ? (await surface.find?.(message))?.ref : undefined)
  if (ref === undefined) return (await surface.post(message)).ref
  await surface.update({ ...message, ref })
  return ref
}

function messageFrom(row: DueDelivery): OutgoingMessage {
  return {
    deliveryId: row.id,
    threadId: row.threadId,
    threadKey: row.threadKey,
    card: row.card,
    revision: row.revision,
    only: row.onlyPerson ?? undefined,
    operationId: row.operationId ?? undefined,
    requestId: row.requestId ?? undefined,
    final: row.final,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

/** Messages of one thread go one after the other, in order; threads side by side. */
async function inLanes<Result>(
  rows: readonly DueDelivery[],
  concurrency: number,
  work: (row: DueDelivery) => Promise<Result>,
): Promise<Result[]> {
  const lanes = [...Map.groupBy(rows, (row) => row.threadId).values()]
  const results: Result[] = []
  const worker = async () => {
    for (let lane = lanes.shift(); lane; lane = lanes.shift()) for (const row of lane) results.push(await work(row))
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, lanes.length) }, worker))
  return results
}
