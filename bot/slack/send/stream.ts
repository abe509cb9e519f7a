import { UpstreamError } from '../../../core/errors.ts'
import type { Logger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage } from '../../../core/ports/surface.ts'
import type { AnyChunk, KnownBlock } from '../render/kit.ts'
import { chunksSince, type Progress, plainProgress, planBlock, progressOf } from '../render/progress.ts'
import { isDirectMessage, type Place } from '../thread-key.ts'
import { call, codeOf, isNotTakenThere } from '../web-client.ts'
import type { Workspace } from '../workspaces.ts'
import { findStream } from './find.ts'

/** Slack ends a stream five minutes after it began and shows it as broken then, whatever it was told meanwhile. */
const LIVES_MS = 4 * 60_000
/** A workspace that has no streams is asked again after this. */
const REFUSED_FOR_MS = 60 * 60_000
const MOST_KEPT = 1_000
const NO_STREAM = 'message_not_in_streaming_state'
const GONE = /^(?:message_not_found|cant_update_message|edit_window_closed|thread_not_found)$/
/** Kept in place of a stream that somebody deleted: there is to be no other. */
const DELETED = '-'

const METADATA_TYPE = 'quarterdeck_progress'

interface Stream {
  readonly channel: string
  readonly ts: string
  readonly workspace: Workspace
  readonly metadata: ReturnType<typeof metadataOf>
  /** What it shows; not known of one that another process began. */
  told: Progress | undefined
  /** Slack takes chunks for it; later it is a message that is edited. */
  live: boolean
  retiring: NodeJS.Timeout | undefined
  /** What is under way with it. */
  turn: Promise<unknown>
}

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
  /** This process posted the card: nobody can have begun a stream for it. */
  isNew(message: OutgoingMessage): void
  close(): void
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
  /** By workspace: until when it takes no streams. */
  const closed = new Map<string, number>()

  function keep(message: OutgoingMessage, at: Pick<Stream, 'channel' | 'ts' | 'workspace'>, told?: Progress): Stream {
    const metadata = metadataOf(message)
    const stream: Stream = { ...at, metadata, told, live: true, retiring: undefined, turn: Promise.resolve() }
    stream.retiring = setTimeout(() => retire(stream), livesMs).unref()
    streams.set(message.deliveryId, stream)
    for (const [id, oldest] of streams) {
      if (streams.size <= MOST_KEPT) break
      clearTimeout(oldest.retiring)
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
      if (ts) return keep(message, { channel, ts, workspace })
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
    return keep(message, { channel, ts, workspace }, now)
  }

  function noteWithout(deliveryId: string): void {
    without.add(deliveryId)
    for (const oldest of without) {
      if (without.size <= MOST_KEPT) break
      without.delete(oldest)
    }
  }

  /** Nothing may be left as under way in a stream that ends: as a message that is edited it can say so. */
  function retire(stream: Stream): void {
    inTurn(stream, async () => {
      if (!stream.live || !stream.told) return
      await stop(stream, []).catch(unlessEnded(stream))
      await edit(stream, stream.told)
    }).catch((error: unknown) => log.debug({ err: error }, 'a stream could not be ended before Slack ends it'))
  }

  function inTurn<Result>(stream: Stream, work: () => Promise<Result>): Promise<Result> {
    const result = stream.turn.then(work)
    stream.turn = result.catch(() => undefined)
    return result
  }

  async function stop(stream: Stream, chunks: readonly AnyChunk[]): Promise<void> {
    const { channel, ts, workspace, metadata } = stream
    clearTimeout(stream.retiring)
    const last = chunks.length > 0 ? { chunks: [...chunks] } : {}
    await call('chat.stopStream', () => workspace.web.chat.stopStream({ channel, ts, metadata, ...last }))
    stream.live = false
  }

  async function edit(stream: Stream, now: Progress): Promise<void> {
    const { channel, ts, workspace, metadata } = stream
    const text = plainProgress(now)
    const update = (blocks: KnownBlock[]) =>
      call('chat.update', () => workspace.web.chat.update({ channel, ts, text, blocks, metadata }))
    await update([planBlock(now)]).catch((error: unknown) => {
      if (codeOf(error) !== 'invalid_blocks') throw error
      return update([])
    })
  }

  const tellInTurn = (stream: Stream, now: Progress, isLastWord: boolean) =>
    inTurn(stream, () => tell(stream, now, isLastWord))

  async function tell(stream: Stream, now: Progress, isLastWord: boolean): Promise<void> {
    const chunks = chunksSince(stream.told, now)
    if (chunks.length === 0 && !(isLastWord && stream.live)) return
    const { channel, ts, workspace } = stream
    if (stream.live) {
      try {
        if (isLastWord) await stop(stream, chunks)
        else await call('chat.appendStream', () => workspace.web.chat.appendStream({ channel, ts, chunks }))
        stream.told = now
        return
      } catch (error) {
        unlessEnded(stream)(error)
      }
    }
    if (!mayEdit(workspace.teamId, channel, isLastWord) && !isLastWord) return
    await edit(stream, now)
    stream.told = now
  }

  return {
    isNew: ({ deliveryId }) => noteWithout(deliveryId),
    async show(message, place, workspace, kept) {
      const { card, deliveryId, operationId, final } = message
      const now = progressOf(card)
      if (!now || operationId === undefined || kept === DELETED || !place.threadTs || !isDirectMessage(place.channel))
        return kept
      const { channel, team } = place
      if (!final && (closed.get(team) ?? 0) > performance.now()) return kept
      let stream = streams.get(deliveryId)
      if (!stream && kept !== undefined) stream = keep(message, { channel, ts: kept, workspace })
      try {
        stream ??= await findOrBegin(message, place, workspace, now)
        if (stream) await tellInTurn(stream, now, final)
        return stream?.ts
      } catch (error) {
        return failed(error, message, team, stream)
      }
    },
    close() {
      for (const { retiring } of streams.values()) clearTimeout(retiring)
    },
  }

  function failed(error: unknown, { deliveryId, final }: OutgoingMessage, team: string, stream: Stream | undefined) {
    log.debug({ err: error, deliveryId }, 'how far an operation is could not be streamed')
    if (stream && GONE.test(codeOf(error) ?? '')) {
      clearTimeout(stream.retiring)
      streams.delete(deliveryId)
      return DELETED
    }
    const passes = error instanceof UpstreamError && error.retryable
    if (final && passes) throw error
    if (passes) closed.set(team, performance.now() + (error.retryAfterMs ?? 0))
    // A place that takes none says nothing of the others.
    else if (!stream && !isNotTakenThere(error)) closed.set(team, performance.now() + REFUSED_FOR_MS)
    return stream?.ts
  }
}

/** Slack ended it before we did: from then on it is a message like any other. */
const unlessEnded = (stream: Stream) => (error: unknown) => {
  if (codeOf(error) !== NO_STREAM) throw error
  clearTimeout(stream.retiring)
  stream.live = false
}

const metadataOf = ({ deliveryId, operationId }: OutgoingMessage) => ({
  event_type: METADATA_TYPE,
  event_payload: { delivery: deliveryId, ...(operationId ? { operation: operationId } : {}) },
})
