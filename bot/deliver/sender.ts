import { messageOf, UpstreamError } from '../../core/errors.ts'
import { randomCode, type ThreadId } from '../../core/ids.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { OutgoingMessage, Posted, Surface } from '../../core/ports/surface.ts'
import { noTelemetry, type Telemetry } from '../../core/ports/telemetry.ts'
import {
  claimDeliveries,
  type DueDelivery,
  hurryNews,
  markPosting,
  markSendFailed,
  markSent,
  postponeDeliveries,
  releaseDeliveries,
  sentLately,
} from '../../db/due-deliveries.ts'
import type { Store } from '../../db/store.ts'
import { moveThread } from '../../db/threads.ts'
import { retryDelayMs } from './back-off.ts'
import { Bell } from './bell.ts'
import { inLanes, type Sent } from './in-lanes.ts'
import { messageFrom } from './message.ts'
import { MessageGoneError } from './message-gone.ts'
import { type Refusal, refusedAgain } from './refused.ts'
import { everybodysTurn, takeTurns } from './turn.ts'

export interface SenderOptions {
  readonly store: Store
  /** The surfaces served by this sender, in one round: put quick ones (web, cli) together and slow ones apart. */
  readonly surfaces: readonly Surface[]
  readonly log: Logger
  readonly clock: () => Date
  readonly telemetry?: Telemetry
  readonly pollMs?: number
  /** A burst of hints within this time is one round. */
  readonly gatherMs?: number
  /** Messages on their way to one surface at the same time. */
  readonly concurrency?: number
  /** For how long what was claimed is ours alone. */
  readonly leaseMs?: number
}

export interface Sender {
  /** Ends after the round under way; what was claimed and not sent is free again when its lease ends. */
  close(): Promise<void>
}

const LEASE_MS = 30_000
const BATCH = 100
/** What the surface would not take is looked at so seldom and in so small a number that what comes meanwhile is not kept waiting. */
const REFUSED_EVERY_POLLS = 4
const REFUSED_BATCH = 4
/** Whoever died or was stopped with a file still to attach had sent its card no longer ago, and not many more since. */
const LATELY = { withinMs: 60 * 60_000, limit: 500 }
/** Older ones must not stand before what people wait for. */
const NEWS_MS = 24 * 60 * 60_000

/**
 * Sends due deliveries: newest revision only, the first as a post, later ones as edits of it. At least once: what was posted but
 * not recorded is looked for on the surface before it is posted again. What fails stays due, with back-off, for ever: the last word
 * on an operation is never dropped. What the surface will not take (no such channel) is tried again in growing distances behind everything
 * else, when somebody may have mended why (reopening.ts, and each start), and given up in the end.
 */
export async function startSender(options: SenderOptions): Promise<Sender> {
  const { store, log, clock, telemetry = noTelemetry } = options
  const { pollMs = 500, gatherMs = 20, concurrency = 4, leaseMs = LEASE_MS } = options
  const surfaces = new Map(options.surfaces.map((surface) => [surface.name, surface]))
  const names = [...surfaces.keys()]
  const owner = `sender-${randomCode(8)}`
  const bell = new Bell()
  const stopListening = await store.listen('delivery', (payload) => {
    if (names.some((name) => payload.startsWith(`${name} `))) bell.ring()
  })
  const [alone] = options.surfaces.filter((surface) => surface.alone)
  const lost = () => {
    isOurTurn = false
    alone?.handOver?.()
  }
  const turn = alone ? takeTurns({ store, place: alone.name, owner, lost, log }) : everybodysTurn
  let open = true
  let isOurTurn = false
  let storeDown = false
  /** When to look again at what was refused. */
  let refusedFrom = 0
  /** When the first of those that wait for their place in the queue may go. */
  let soonestMs = pollMs
  /** What was sent, and the threads that it began, until the store knows: it may be away just then. */
  let unrecorded: readonly Sent[] = []
  const unmoved = new Map<ThreadId, string>()
  /** The store went away before it knew what became of what was claimed. */
  let leftBehind = false

  async function round(): Promise<boolean> {
    soonestMs = pollMs
    await record()
    // Between two rounds nothing is in hand; its lease would keep it from everybody for long.
    if (leftBehind) await releaseDeliveries(store.db, owner)
    leftBehind = false
    if (!(await turn.ours())) return false
    if (!isOurTurn) await takeOver()
    isOurTurn = true
    const claimedAt = performance.now()
    const { claimed, more } = await claim()
    if (claimed.length === 0) return false
    const due = await paced(claimed)
    const firstPosts = due.filter((row) => row.ref === null && surfaces.get(row.surface)?.find)
    await markPosting(
      store.db,
      firstPosts.map(({ id }) => id),
    )
    const late: DueDelivery[] = []
    const sent = await inLanes(due, concurrency, async (row) => {
      // What takes longer than the lease is another's by then. The second half of it is for what is under way.
      if (performance.now() - claimedAt < leaseMs / 2) return send(row)
      late.push(row)
      return undefined
    })
    unrecorded = sent.filter((one) => one !== undefined)
    await record()
    await postponeDeliveries(store.db, owner, late)
    return more
  }

  async function claim(): Promise<{ readonly claimed: readonly DueDelivery[]; readonly more: boolean }> {
    const how = { surfaces: names, owner, now: clock(), leaseMs }
    const claimed = await claimDeliveries(store.db, { ...how, limit: BATCH })
    if (claimed.length > 0) return { claimed, more: claimed.length === BATCH }
    if (performance.now() < refusedFrom) return { claimed, more: false }
    const refused = await claimDeliveries(store.db, { ...how, limit: REFUSED_BATCH, refused: true })
    if (refused.length === 0) refusedFrom = performance.now() + REFUSED_EVERY_POLLS * pollMs
    return { claimed: refused, more: refused.length > 0 }
  }

  async function takeOver(): Promise<void> {
    for (const surface of surfaces.values()) {
      if (!surface.takeOver) continue
      const rows = await sentLately(store.db, { surface: surface.name, ...LATELY })
      surface.takeOver(rows.flatMap((row) => (row.ref === null ? [] : [{ ...messageFrom(row), ref: row.ref }])))
    }
  }

  async function record(): Promise<void> {
    for (const [threadId, begun] of unmoved) {
      await moveThread(store.db, threadId, begun)
      unmoved.delete(threadId)
    }
    await markSent(store.db, unrecorded)
    unrecorded = []
  }

  /** Those that may go now; the others are given back until they may. */
  async function paced(claimed: readonly DueDelivery[]): Promise<readonly DueDelivery[]> {
    const waits = claimed.map((row) => surfaces.get(row.surface)?.pace?.(messageFrom(row)) ?? 0)
    const waiting = claimed.flatMap(({ id }, at) => {
      const waitMs = waits[at] ?? 0
      if (waitMs > 0) soonestMs = Math.min(soonestMs, waitMs)
      return waitMs > 0 ? [{ id, nextAt: new Date(clock().getTime() + waitMs) }] : []
    })
    await postponeDeliveries(store.db, owner, waiting)
    return claimed.filter((_, at) => !waits[at])
  }

  async function send(row: DueDelivery): Promise<Sent | undefined> {
    const surface = surfaces.get(row.surface)
    if (!surface) return undefined
    try {
      const { ref, threadKey } = await show(surface, row)
      const begun = threadKey !== undefined && threadKey !== row.threadKey ? threadKey : undefined
      if (begun !== undefined)
        await moveThread(store.db, row.threadId, begun).catch(() => unmoved.set(row.threadId, begun))
      return { id: row.id, revision: row.revision, ref, begun }
    } catch (error) {
      const { id, attempts, refusedSince } = row
      const now = clock()
      const isRefused = error instanceof UpstreamError && !error.retryable
      const refusal = isRefused ? refusedAgain(refusedSince, now) : undefined
      const nextAt = refusal?.nextAt ?? new Date(now.getTime() + retryDelayMs(error, attempts))
      tellFailure(row, error, { nextAt, ...refusal })
      await markSendFailed(store.db, { id, ...refusal, error: messageOf(error), nextAt }).catch(() => {
        leftBehind = true
      })
      return undefined
    }
  }

  function tellFailure(row: DueDelivery, error: unknown, then: { readonly nextAt: Date } & Partial<Refusal>): void {
    const { id: deliveryId, surface, attempts, requestId, operationId, refusedSince: refusedBefore } = row
    const { refusedSince, givenUpAt, nextAt } = then
    const fields = { deliveryId, requestId, operationId, surface, attempts, refusedSince, err: error }
    if (refusedSince && givenUpAt) {
      log.warn(fields, 'a card is given up: it was refused for too long')
      const about = { surface, deliveryId, requestId: requestId ?? undefined, operationId: operationId ?? undefined }
      telemetry.tell({ what: 'gave-up', ...about, from: refusedSince, until: givenUpAt })
      return
    }
    // Nothing changes by saying again and again that there is no such channel.
    if (refusedSince && refusedBefore) log.debug({ ...fields, nextAt }, 'a card is still not taken; it stays due')
    else log.warn({ ...fields, nextAt }, 'a card could not be sent; it stays due')
  }

  async function run() {
    const now = clock()
    const news = { surfaces: names, now, since: new Date(now.getTime() - NEWS_MS) }
    await hurryNews(store.db, news).catch((error: unknown) =>
      log.debug({ err: error }, 'what was refused before waits on as it was to'),
    )
    while (open) {
      try {
        const more = await round()
        if (storeDown) log.info({}, 'the store answers again; cards are being sent')
        storeDown = false
        if (more) continue
        await bell.rung(soonestMs)
        await bell.still(gatherMs)
      } catch (error) {
        leftBehind = true
        // Saying it once is enough.
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
      await record().catch((error: unknown) => log.warn({ err: error }, 'what was sent last could not be recorded'))
      await turn.close()
    },
  }
}

async function show(surface: Surface, row: DueDelivery): Promise<Posted> {
  const message: OutgoingMessage = messageFrom(row)
  // `attempts` was read as it stood before this round wrote its own mark.
  const posted = row.ref === null ? row.attempts > 0 && (await surface.find?.(message)) : { ref: row.ref }
  if (!posted) return surface.post(message)
  try {
    return (await surface.update({ ...message, ref: posted.ref })) ?? posted
  } catch (error) {
    if (!(error instanceof MessageGoneError)) throw error
    return (await surface.find?.(message)) ?? (await surface.post(message))
  }
}
