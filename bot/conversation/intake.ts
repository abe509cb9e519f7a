import { UpstreamError } from '../../core/errors.ts'
import type { IncomingMessage, Intake } from '../../core/ports/surface.ts'
import { handleClick } from './clicks.ts'
import { codeIn } from './codes.ts'
import { type ConversationDeps, LIMITS } from './deps.ts'
import { createLanes } from './lanes.ts'
import { startRecovery } from './recover.ts'
import { reread } from './reread.ts'
import type { RespondDeps } from './respond.ts'
import { respond } from './respond.ts'
import { storeMessage } from './store-message.ts'
import { untilStored } from './until-stored.ts'

export interface Conversation extends Intake {
  /** Messages taken and not yet answered. */
  readonly waiting: number
  /** Resolves when every message taken so far is answered. */
  idle(): Promise<void>
  /** Takes up what a process that died left unanswered; runs by itself at the start and every minute. */
  recover(): Promise<void>
  /** Takes no more messages; resolves when those taken are answered, or given up after `withinMs`. */
  close(withinMs?: number): Promise<void>
}

const CLOSE_WITHIN_MS = 5_000

/**
 * The conversation: takes messages at once into a bounded queue, then stores, understands and answers each, in order within a thread. What
 * was taken is answered however long the store is down, while the process lives; `receive` throws UpstreamError when the queue is full.
 */
export function createConversation(given: ConversationDeps): Conversation {
  const limits = { ...LIMITS, ...given.limits }
  const { questionMs, slowReadingMs } = limits
  const deps: RespondDeps = { ...given, questionMs, slowReadingMs }
  const stop = new AbortController()
  const lanes = createLanes(limits.concurrent, (error) => {
    if (!stop.signal.aborted) deps.log.error({ error }, 'a message was given up')
  })
  // Redeliveries of what is still in hand; the store knows about all others.
  const inHand = new Set<string>()
  let closed = false

  const receive = (message: IncomingMessage) => {
    if (closed)
      throw new UpstreamError('Quarterdeck is stopping. Say it again in a moment.', {
        service: 'quarterdeck',
        retryable: true,
        retryAfterMs: 5_000,
      })
    if (lanes.size >= limits.queued)
      throw new UpstreamError(
        `Quarterdeck is too busy: ${lanes.size.toLocaleString('en-US')} messages wait. Say it again in a moment.`,
        { service: 'quarterdeck', retryable: true, retryAfterMs: 2_000 },
      )
    const key = `${message.surface}\n${message.key}`
    if (inHand.has(key)) return
    inHand.add(key)
    lanes.add(`${message.surface}\n${message.threadKey}`, () => handle(message).finally(() => inHand.delete(key)))
  }

  const retrying = { limits, log: deps.log, signal: stop.signal }
  const handle = async (message: IncomingMessage): Promise<void> => {
    const spoken = await untilStored('a message', () => storeMessage(deps, message), retrying)
    if (!spoken) return
    const { requestId } = spoken
    const waitedMs = () => deps.clock().getTime() - message.at.getTime()
    const isLate = () => waitedMs() > limits.lateMs
    const read = isLate() ? spoken : await untilStored('a reading', () => reread(deps, spoken, message.text), retrying)
    const answer = () =>
      isLate()
        ? respond(deps, { ...read, meaning: { kind: 'late', waitedMs: waitedMs() } })
        : respond(deps, read, codeIn(message.text))
    const outcome = await untilStored('an answer', answer, retrying)
    const took = { from: message.at, until: deps.clock() }
    deps.telemetry?.tell({ what: 'answered', requestId, surface: message.surface, outcome, ...took })
  }

  const recovery = startRecovery({ deps, limits, take: receive, signal: stop.signal })
  return {
    receive,
    click: (click) => handleClick(deps, click, receive),
    get waiting() {
      return lanes.size
    },
    idle: () => lanes.idle(),
    recover: () => recovery.run(),
    async close(withinMs = CLOSE_WITHIN_MS) {
      closed = true
      recovery.stop()
      const late = setTimeout(() => stop.abort(new Error('the program stops')), withinMs)
      await lanes.idle()
      clearTimeout(late)
      stop.abort()
    },
  }
}
