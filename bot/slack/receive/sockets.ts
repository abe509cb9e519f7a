import { setTimeout as delay } from 'node:timers/promises'
import { SocketModeReceiver } from '@slack/bolt'
import type { Logger } from '../../../core/ports/logger.ts'
import { keepSecret } from '../../../core/secrets.ts'
import { slackLogger, upstreamOf } from '../web-client.ts'
import type { HandOn } from './hand-on.ts'

/** Slack renews a connection every few hours and leaves a gap of seconds; the other one hears meanwhile. */
const CONNECTIONS = 2
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000
const LONGEST_PAUSE_CONNECTED_MS = 2_000
const LASTING_MS = 1_000
/** For Slack to say where to connect; from there on the library notices silence by itself. */
const ANSWERS_WITHIN_MS = 10_000

export interface Sockets {
  /** Connections that hear now. */
  readonly connected: number
  open(): void
  close(): Promise<void>
}

/** Bolt's receiver brings the client along; we use nothing else of it. */
type SocketModeClient = SocketModeReceiver['client']

/**
 * When it hears no more: closed, or told by Slack that it will be. Saying goodbye may take the library half a minute; what still comes
 * meanwhile is heard.
 */
function endOf(client: SocketModeClient): Promise<void> {
  return new Promise((resolve) => {
    client.once('disconnected', () => resolve())
    client.on('ws_message', (data: unknown) => {
      if (typeof data === 'string' && isGoodbye(data)) resolve()
    })
  })
}

function isGoodbye(text: string): boolean {
  // Nearly all is something that was said: only what may be a goodbye is read.
  if (!text.includes('"disconnect"')) return false
  try {
    return JSON.parse(text).type === 'disconnect'
  } catch {
    return false
  }
}

interface Envelope {
  readonly ack: (answer?: object) => Promise<void>
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * Slack over Socket Mode. The library's own way to connect again waits five seconds and more, and ends the process where Slack cannot be
 * reached; so each connection is one client's life, and we begin the next at once, then with growing pauses.
 */
export function createSockets(options: {
  readonly appToken: string
  readonly api: string
  readonly handOn: HandOn
  readonly log: Logger
  readonly answersWithinMs?: number
}): Sockets {
  const { appToken, api, handOn, log, answersWithinMs = ANSWERS_WITHIN_MS } = options
  keepSecret(appToken)
  const stop = new AbortController()
  const alive = new Set<SocketModeClient>()
  let lines: Promise<void>[] = []
  let connected = 0

  const connect = (): SocketModeClient => {
    const { client } = new SocketModeReceiver({
      appToken,
      logger: slackLogger(log),
      autoReconnectEnabled: false,
      installerOptions: {
        clientOptions: {
          ...{ slackApiUrl: api, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
          timeout: answersWithinMs,
        },
      },
    })
    client.on('slack_event', ({ ack, body }: Envelope) => {
      let isAcknowledged = false
      handOn(body, (answer) => {
        if (isAcknowledged) return
        isAcknowledged = true
        // A connection that is gone takes no answer: Slack sends the event again on the other one.
        ack(answer).catch((error: unknown) => log.debug({ err: error }, 'an event could not be acknowledged'))
      })
    })
    return client
  }

  /** One connection after the other, for as long as the program runs. */
  async function keepConnected(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !stop.signal.aborted; ) {
      const client = connect()
      alive.add(client)
      client.once('disconnected', () => alive.delete(client))
      let askedMs = 0
      try {
        const ended = endOf(client)
        await client.start()
        const since = performance.now()
        connected++
        await ended
        connected--
        // Slack ends at once what it will not have (Socket Mode switched off): then it is not asked all the time.
        const lasted = performance.now() - since > LASTING_MS
        pauseMs = lasted ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_CONNECTED_MS)
      } catch (error) {
        alive.delete(client)
        const trouble = upstreamOf(error ?? new Error('it ended before Slack said hello'), 'apps.connections.open')
        askedMs = trouble.retryAfterMs ?? 0
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
        log.warn({ reason: trouble.message, pauseMs }, 'no connection to Slack; trying again')
      }
      const waitMs = askedMs + Math.random() * pauseMs
      await delay(waitMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }

  return {
    get connected() {
      return connected
    },
    open() {
      lines = Array.from({ length: CONNECTIONS }, () => keepConnected())
    },
    async close() {
      stop.abort()
      for (const client of alive) {
        // Twice: the second time it waits for no goodbye.
        client.disconnect().catch(() => undefined)
        client.disconnect().catch(() => undefined)
      }
      await Promise.race([Promise.all(lines), delay(2_000)])
    },
  }
}
