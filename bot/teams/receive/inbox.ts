import { setTimeout as delay } from 'node:timers/promises'
import { UpstreamError } from '../../../core/errors.ts'
import type { IncomingMessage } from '../../../core/ports/surface.ts'
import type { Activity } from '../activity.ts'
import type { Place } from '../connector/adapter.ts'
import type { TeamsDeps } from '../deps.ts'
import { createTurnAway } from './turn-away.ts'

export interface Inbox {
  /**
   * Takes a message at once; it goes to the intake when Teams has said that its speaker belongs to the tenant. Throws UpstreamError
   * when too many wait.
   */
  take(message: IncomingMessage, place: Place): void
  /** Resolves when everything taken is with the intake, or given up after a while. */
  close(): Promise<void>
}

const MOST_WAITING = 5_000
const LONGEST_PAUSE_MS = 5_000
const CLOSE_WITHIN_MS = 5_000

/** Between the answer to Teams and the intake: one conversation's messages stay in order, and none waits for another's. */
export function createInbox(deps: TeamsDeps): Inbox {
  const { members, intake, log } = deps
  const turnAway = createTurnAway(deps)
  const lanes = new Map<string, Promise<void>>()
  const stop = new AbortController()
  let waiting = 0

  async function handOver(message: IncomingMessage, place: Place): Promise<void> {
    const standing = await untilKnown(() => members.standing(place, message.account.id))
    const { key, account } = message
    if (standing?.kind === 'outsider') {
      log.info({ key, account: account.id, why: standing.why }, 'a message of somebody from outside is left alone')
      return turnAway(account.id, place)
    }
    if (standing) return until(() => intake.receive(message))
    log.warn({ key, account: account.id }, 'a message was given up: Teams did not say who its speaker is')
  }

  /** Tries for as long as it may help; undefined when the program stops, or when Teams will not say. */
  async function untilKnown<Known>(ask: () => Promise<Known>): Promise<Known | undefined> {
    for (let attempt = 1; !stop.signal.aborted; attempt++) {
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof UpstreamError) || !error.retryable) {
          log.error({ err: error }, 'Teams does not say who speaks; check the bot’s registration')
          return undefined
        }
        if (attempt === 1) log.warn({ err: error }, 'Teams does not say who speaks; asking until it does')
        await pause(attempt, error.retryAfterMs)
      }
    }
    return undefined
  }

  async function until(receive: () => void): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return receive()
      } catch (error) {
        if (stop.signal.aborted || !(error instanceof UpstreamError)) throw error
        await pause(attempt, error.retryAfterMs)
      }
    }
  }

  const pause = (attempt: number, askedMs = 0) =>
    delay(askedMs + Math.random() * Math.min(LONGEST_PAUSE_MS, 100 * 2 ** Math.min(attempt, 10)), undefined, {
      signal: stop.signal,
    }).catch(() => undefined)

  return {
    take(message, place) {
      if (waiting >= MOST_WAITING)
        throw new UpstreamError('Quarterdeck is too busy: say it again in a moment.', {
          service: 'quarterdeck',
          retryable: true,
          retryAfterMs: 2_000,
        })
      waiting += 1
      const before = lanes.get(message.threadKey) ?? Promise.resolve()
      const lane = before
        .then(() => handOver(message, place))
        .catch((error: unknown) => log.error({ err: error, key: message.key }, 'a message could not be taken'))
        .finally(() => {
          waiting -= 1
          if (lanes.get(message.threadKey) === lane) lanes.delete(message.threadKey)
        })
      lanes.set(message.threadKey, lane)
    },
    async close() {
      const late = setTimeout(() => stop.abort(), CLOSE_WITHIN_MS)
      await Promise.all(lanes.values())
      clearTimeout(late)
    },
  }
}

/** The same for every delivery of an event: ids are unique in their conversation only. */
export const keyOf = ({ id, conversation }: Activity): string => `${id ?? ''} ${conversation.id}`
