import { UpstreamError } from '../../../core/errors.ts'
import type { Logger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage } from '../../../core/ports/surface.ts'
import { chunksSince, type Progress, progressOf } from '../render/progress.ts'
import { isDirectMessage, type Place } from '../thread-key.ts'
import { call, isMessageGone, isNotTakenThere } from '../web-client.ts'
import type { Workspace } from '../workspaces.ts'
import { findStream } from './find.ts'
import { Stream } from './stream.ts'

/** Slack ends a stream five minutes after it began and shows it as broken then, whatever it was told meanwhile. */
const LIVES_MS = 4 * 60_000
/** A workspace that has no streams is asked again after this. */
const REFUSED_FOR_MS = 60 * 60_000
const MOST_KEPT = 1_000
/** Kept in place of a stream that somebody deleted: there is to be no other. */
const DELETED = '-'

/**
 * The steps of an operation as they go, streamed below its card where somebody talks with us alone
 * (https://docs.slack.dev/messaging/sending-and-scheduling-messages#text-streaming). The card stays the one message with buttons.
 */
export interface Streams {
  /**
   * Tells the stream of an operation how far that is, and begins one with its first step. `kept` is what this returned for the last revision;
   * undefined while there is no stream. Only a last word that Slack does not take now is thrown: then it must be said again.
   */
  show(
    message: OutgoingMessage,
    place: Place,
    workspace: Workspace,
    kept: string | undefined,
  ): Promise<string | undefined>
  /** Sees to a stream that another process began: nobody else ends it in time. */
  goOn(message: OutgoingMessage, place: Place, workspace: Workspace, kept: string): void
  /** This process posted the card: nobody can have begun a stream for it. */
  isNew(message: OutgoingMessage): void
  /** Another process sends from now on, and what is known here grows old. */
  leave(): void
}

export function createStreams(options: {
  /** Whether an edit may go now; its place is then taken. */
  readonly mayEdit: (team: string, channel: string, isLastWord: boolean) => boolean
  readonly log: Logger
  readonly livesMs?: number
}): Streams {
  const { mayEdit, log, livesMs = LIVES_MS } = options
  const streams = new Map<string, Stream>()
  /** Deliveries that have none for certain. */
  const without = new Set<string>()
  /** By workspace: until when it begins no streams, and until when those that are there are told nothing. */
  const closed = new Map<string, number>()
  const paused = new Map<string, number>()

  function keep(message: OutgoingMessage, place: Place, workspace: Workspace, ts: string, told?: Progress): Stream {
    const { team, channel, threadTs = '' } = place
    const stream = new Stream({
      ...{ message, workspace, channel, threadTs, ts, log },
      ...(told ? { told, livesMs } : { livesMs: leftOf(ts, livesMs) }),
      mayEdit: (isLastWord) => mayEdit(team, channel, isLastWord),
    })
    streams.set(message.deliveryId, stream)
    for (const [id, oldest] of streams) {
      if (streams.size <= MOST_KEPT) break
      oldest.leave()
      streams.delete(id)
    }
    return stream
  }

  /** The stream that somebody began without writing it down, or a new one for what is under way. */
  async function findOrBegin(message: OutgoingMessage, place: Place, workspace: Workspace, now: Progress) {
    const { channel, threadTs = '' } = place
    const { card, deliveryId, operationId, createdAt } = message
    if (!without.has(deliveryId)) {
      const ts = await findStream(workspace, place, { operationId, createdAt })
      if (ts) return keep(message, place, workspace, ts)
    }
    noteWithout(deliveryId)
    if (card.kind !== 'progress') return undefined
    // From here on Slack may have begun one without our hearing of it.
    without.delete(deliveryId)
    const chunks = chunksSince(undefined, now)
    const { ts } = await call('chat.startStream', () =>
      workspace.web.chat.startStream({ channel, thread_ts: threadTs, task_display_mode: 'plan', chunks }),
    )
    if (!ts)
      throw new UpstreamError('Slack began a stream and did not say where.', { service: 'slack', retryable: true })
    return keep(message, place, workspace, ts, now)
  }

  function noteWithout(deliveryId: string): void {
    without.add(deliveryId)
    for (const oldest of without) {
      if (without.size <= MOST_KEPT) break
      without.delete(oldest)
    }
  }

  async function begin(message: OutgoingMessage, place: Place, workspace: Workspace, now: Progress) {
    if (!message.final && left(closed, place.team) > 0) return undefined
    try {
      return await findOrBegin(message, place, workspace, now)
    } catch (error) {
      log.debug({ err: error, deliveryId: message.deliveryId }, 'no stream could be begun or found')
      if (error instanceof UpstreamError && error.retryable) {
        if (message.final) throw error
        closed.set(place.team, performance.now() + (error.retryAfterMs ?? 0))
      }
      // A place that takes none says nothing of the others.
      else if (!isNotTakenThere(error)) closed.set(place.team, performance.now() + REFUSED_FOR_MS)
      return undefined
    }
  }

  /** Of one that another process began what it shows is not known: it is told all. */
  const known = (message: OutgoingMessage, place: Place, workspace: Workspace, kept: string | undefined) =>
    streams.get(message.deliveryId) ?? (kept === undefined ? undefined : keep(message, place, workspace, kept))

  return {
    isNew: ({ deliveryId }) => noteWithout(deliveryId),
    goOn(message, place, workspace, kept) {
      const now = streamed(message, place)
      if (now && kept !== DELETED) known(message, place, workspace, kept)?.tellLater(now, leftOf(kept, livesMs))
    },
    async show(message, place, workspace, kept) {
      const now = streamed(message, place)
      if (!now || kept === DELETED) return kept
      const { deliveryId, final } = message
      const stream = known(message, place, workspace, kept) ?? (await begin(message, place, workspace, now))
      if (!stream) return undefined
      const pausedMs = final ? 0 : left(paused, place.team)
      if (pausedMs > 0) {
        stream.tellLater(now, pausedMs)
        return stream.ts
      }
      try {
        await stream.tell(now, final)
      } catch (error) {
        log.debug({ err: error, deliveryId }, 'how far an operation is could not be streamed')
        if (isMessageGone(error)) {
          stream.leave()
          streams.delete(deliveryId)
          return DELETED
        }
        if (error instanceof UpstreamError && error.retryable) {
          if (error.retryAfterMs) paused.set(place.team, performance.now() + error.retryAfterMs)
          if (final) throw error
        }
      }
      return stream.ts
    },
    leave() {
      for (const stream of streams.values()) stream.leave()
      streams.clear()
      without.clear()
    },
  }
}

/** What there is to stream of a message, in the one place where there are streams. */
function streamed({ card, operationId }: OutgoingMessage, { channel, threadTs }: Place): Progress | undefined {
  return operationId !== undefined && threadTs && isDirectMessage(channel) ? progressOf(card) : undefined
}

/** How much is left of a stream's life, by Slack's clock and ours, which may be apart. */
const leftOf = (ts: string, livesMs: number): number =>
  Math.min(livesMs, Math.max(0, livesMs - (Date.now() - Number(ts) * 1_000)))

const left = (until: ReadonlyMap<string, number>, team: string): number => (until.get(team) ?? 0) - performance.now()
