import { UpstreamError } from '../../../core/errors.ts'
import type { Logger } from '../../../core/ports/logger.ts'
import type { OutgoingMessage } from '../../../core/ports/surface.ts'
import { retryDelayMs } from '../../deliver/back-off.ts'
import type { AnyChunk, KnownBlock } from '../render/kit.ts'
import { chunksSince, type Progress, plainProgress, planBlock } from '../render/progress.ts'
import { areBlocksRefused, call, codeOf, isMessageGone } from '../web-client.ts'
import type { Workspace } from '../workspaces.ts'

/** Slack takes nothing more for it: it is a message like any other. */
const ENDED = /^(?:message_not_in_streaming_state|stopped_by_user)$/
const SOON_MS = 1_000
/** About ten minutes: by then it is Slack's trouble, and the card says it too. */
const MOST_FAILURES = 14
const METADATA_TYPE = 'quarterdeck_progress'

const isPassing = (error: unknown): error is UpstreamError => error instanceof UpstreamError && error.retryable

export interface StreamOptions {
  readonly message: OutgoingMessage
  readonly workspace: Workspace
  readonly channel: string
  readonly threadTs: string
  readonly ts: string
  /** What it shows; not known of one that another process began. */
  readonly told?: Progress
  /** When to end it, before Slack does. */
  readonly livesMs: number
  /** Whether an edit may go now; its place is then taken. */
  readonly mayEdit: (isLastWord: boolean) => boolean
  readonly log: Logger
}

/**
 * One streamed message, from its first step on. What it was to say it says at last by itself, also when nothing new comes: progress may be the
 * last word for hours.
 */
export class Stream {
  readonly ts: string
  readonly #is: Omit<StreamOptions, 'message'>
  readonly #metadata: ReturnType<typeof metadataOf>
  readonly #endsAt: number
  #says: Progress | undefined
  #told: Progress | undefined
  /** Slack takes chunks for it; later it is a message that is edited. */
  #live = true
  #left = false
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  /** What is under way with it. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ message, ...is }: StreamOptions) {
    this.#is = is
    this.ts = is.ts
    this.#metadata = metadataOf(message)
    this.#endsAt = performance.now() + is.livesMs
    this.#says = is.told
    this.#told = is.told
    if (is.told) this.#lookAfter(this.#leftMs())
  }

  /** Throws UpstreamError when Slack does not take it now. */
  async tell(now: Progress, isLastWord: boolean): Promise<void> {
    this.#says = now
    try {
      await this.#inTurn(() => this.#say(now, isLastWord))
      this.#said()
    } catch (error) {
      this.#again(error)
      throw error
    }
  }

  /** Says it when Slack listens again, if nothing newer comes before. */
  tellLater(now: Progress, afterMs: number): void {
    this.#says = now
    const leftMs = this.#leftMs()
    this.#lookAfter(leftMs > 0 ? Math.min(afterMs, leftMs) : afterMs)
  }

  /** Another process sends from now on. */
  leave(): void {
    this.#left = true
    clearTimeout(this.#timer)
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  async #say(now: Progress, isLastWord: boolean): Promise<void> {
    const chunks = chunksSince(this.#told, now)
    if (this.#live && (isLastWord || chunks.length > 0) && (await this.#stream(chunks, isLastWord))) {
      this.#told = now
      return
    }
    if (chunksSince(this.#told, now).length === 0) return
    if (!this.#is.mayEdit(isLastWord) && !isLastWord)
      throw new UpstreamError('There were edits enough for now.', { service: 'slack', retryable: true })
    await this.#edit(now)
  }

  /** False where Slack takes no more for it: it ended before, or this is refused for good. */
  async #stream(chunks: readonly AnyChunk[], isLastWord: boolean): Promise<boolean> {
    const { channel, ts, workspace } = this.#is
    try {
      if (isLastWord) await this.#stop(chunks)
      else await call('chat.appendStream', () => workspace.web.chat.appendStream({ channel, ts, chunks: [...chunks] }))
      return true
    } catch (error) {
      if (isPassing(error) || isMessageGone(error)) throw error
      if (isEnded(error)) this.#ended()
      else
        await this.#stop([]).catch((stopping: unknown) => {
          if (!isEnded(stopping)) throw stopping
          this.#ended()
        })
      return false
    }
  }

  async #stop(chunks: readonly AnyChunk[]): Promise<void> {
    const { channel, ts, workspace } = this.#is
    const last = chunks.length > 0 ? { chunks: [...chunks] } : {}
    const metadata = this.#metadata
    await call('chat.stopStream', () => workspace.web.chat.stopStream({ channel, ts, metadata, ...last }))
    this.#live = false
    // What is under way when it ends is shown as failed.
    this.#told = undefined
  }

  /** Slack ended it, and goes on saying that we are at it. */
  #ended(): void {
    const { channel, threadTs, workspace, log } = this.#is
    this.#live = false
    this.#told = undefined
    const { threads } = workspace.web.assistant
    call('assistant.threads.setStatus', () =>
      threads.setStatus({ channel_id: channel, thread_ts: threadTs, status: '' }),
    ).catch((error: unknown) => log.debug({ err: error }, 'the status of a conversation could not be taken away'))
  }

  async #edit(now: Progress): Promise<void> {
    const { channel, ts, workspace } = this.#is
    const [text, metadata] = [plainProgress(now), this.#metadata]
    const update = (blocks: KnownBlock[]) =>
      call('chat.update', () => workspace.web.chat.update({ channel, ts, text, blocks, metadata }))
    await update([planBlock(now)]).catch((error: unknown) => {
      if (!areBlocksRefused(error)) throw error
      return update([])
    })
    this.#told = now
  }

  /** Milliseconds until it is to be ended; below zero when that was tried. */
  #leftMs = (): number => (this.#live ? this.#endsAt - performance.now() : Number.POSITIVE_INFINITY)

  #lookAfter(ms: number): void {
    clearTimeout(this.#timer)
    if (!this.#left && ms < Number.POSITIVE_INFINITY)
      this.#timer = setTimeout(() => this.#look(), Math.max(0, ms)).unref()
  }

  /** Says what is not said yet; where Slack would end it soon, as a message that is edited: nothing may be left as under way in a stream that ends. */
  #look(): void {
    this.#inTurn(async () => {
      const now = this.#says
      if (this.#left || !now) return
      const isOld = this.#leftMs() <= SOON_MS
      if (isOld && this.#live) await this.#stream([], true)
      await this.#say(now, isOld)
    }).then(
      () => this.#said(),
      (error: unknown) => this.#again(error),
    )
  }

  #said(): void {
    this.#failures = 0
    this.#lookAfter(Math.max(SOON_MS, this.#leftMs()))
  }

  #again(error: unknown): void {
    const leftMs = this.#leftMs()
    if (!isPassing(error) || ++this.#failures > MOST_FAILURES) {
      this.#is.log.debug({ err: error, ts: this.ts }, 'what a stream is to say is not said again')
      return
    }
    const waitMs = retryDelayMs(error, this.#failures)
    this.#lookAfter(leftMs > 0 ? Math.min(waitMs, leftMs) : waitMs)
  }
}

const isEnded = (error: unknown): boolean => ENDED.test(codeOf(error) ?? '')

const metadataOf = ({ deliveryId, operationId }: OutgoingMessage) => ({
  event_type: METADATA_TYPE,
  event_payload: { delivery: deliveryId, ...(operationId ? { operation: operationId } : {}) },
})
