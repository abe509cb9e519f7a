import { setTimeout as pause } from 'node:timers/promises'
import type { Action } from '../../core/card.ts'
import { UpstreamError, UserError } from '../../core/errors.ts'
import { randomCode } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { ClickReply } from '../../core/ports/surface.ts'
import { eventsOf } from './event-stream.ts'
import type { ShownCard } from './render-text.ts'

export interface CliCard {
  readonly type: 'card'
  readonly deliveryId: string
  readonly threadKey: string
  readonly revision: number
  readonly card: ShownCard
  readonly requestId: string | null
  readonly operationId: string | null
  readonly final: boolean
}
export interface CliMessage {
  readonly type: 'message'
  readonly key: string
  readonly requestId: string | null
  readonly person: { readonly id: string; readonly name: string }
  readonly text: string
}
export interface CliPerson {
  readonly id: string
  readonly name: string
  readonly timezone: string
  readonly roles: readonly string[]
}
export interface CliOperation {
  readonly id: string
  readonly summary: string
  readonly stateWords: string
  readonly requestedBy: string
  readonly threadKey: string | null
  readonly deliveryId: string | null
}

export interface LiveHandlers {
  card(card: CliCard): void
  message(message: CliMessage & { readonly threadKey: string }): void
  /** Events may have been missed: read again what matters. */
  missed(): void
  lost(says: string): void
}

/** The running program's HTTP API as the terminal uses it. The answers' shapes are bot/web's, of the same release. */
export class Api {
  readonly #address: string
  #cookie = ''
  #person: string | undefined

  constructor(address: string) {
    this.#address = address.replace(/\/+$/, '')
  }

  people = async () => (await this.#ask<{ people: CliPerson[] }>('GET', '/people')).people

  async become(person: string): Promise<CliPerson> {
    const session = await this.#ask<{ person: CliPerson }>('POST', '/session', { person, surface: 'cli' })
    this.#person = person
    return session.person
  }

  thread = async (key: string) => (await this.#ask<{ items: (CliCard | CliMessage)[] }>('GET', `/threads/${key}`)).items

  overview = () => this.#ask<{ waiting: CliOperation[]; running: CliOperation[] }>('GET', '/overview')

  /** Says something; tried again with the same key while the program does not answer, so it counts once. */
  async say(threadKey: string, text: string, key: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#ask('POST', `/threads/${threadKey}/messages`, { text, key })
        return
      } catch (error) {
        if (!(error instanceof UpstreamError) || attempt === 4) throw error
        await pause(error.retryAfterMs ?? 500 * attempt)
      }
    }
  }

  click(card: CliCard, action: Action, extra: { reason?: string; values?: JsonObject }): Promise<ClickReply> {
    const payload = { ...action.payload, ...(extra.values && { values: extra.values }) }
    const body = { verb: action.verb, payload, reason: extra.reason, key: randomCode(20) }
    return this.#ask<ClickReply>('POST', `/cards/${card.deliveryId}/click`, body)
  }

  /** Follows live events until `signal` aborts, through lost connections. Resolves once the first connection stands. */
  async follow(handlers: LiveHandlers, signal: AbortSignal): Promise<void> {
    const first = await this.#open(undefined, signal)
    void this.#keepFollowing(first, handlers, signal)
  }

  async #keepFollowing(first: Response, handlers: LiveHandlers, signal: AbortSignal): Promise<void> {
    let response: Response | undefined = first
    let lastId: string | undefined
    let told = false
    for (let failures = 0; !signal.aborted; failures += 1) {
      let says = 'The connection is lost; trying again.'
      try {
        response ??= await this.#open(lastId, signal)
        if (failures > 0 && lastId === undefined) handlers.missed()
        if (!response.body) throw new Error('an event stream without a body')
        for await (const event of eventsOf(response.body)) {
          failures = 0
          told = false
          lastId = event.id ?? lastId
          if (event.name === 'card') handlers.card(JSON.parse(event.data))
          else if (event.name === 'message') handlers.message(JSON.parse(event.data))
          else if (event.name === 'reset') handlers.missed()
        }
      } catch (error) {
        // Who may not listen any more is told that, and not of connections.
        if (error instanceof UserError) says = error.message
      }
      response = undefined
      if (signal.aborted) return
      // Once at once: of a stream that only ended nobody needs to hear.
      if (failures > 0 && !told) {
        told = true
        handlers.lost(says)
      }
      await pause(Math.min(1_000 * failures + 100, 10_000), undefined, { signal }).catch(() => undefined)
    }
  }

  async #open(lastEventId: string | undefined, signal: AbortSignal): Promise<Response> {
    const response = await this.#inSession(() =>
      this.#fetch('/events', {
        headers: { cookie: this.#cookie, ...(lastEventId && { 'last-event-id': lastEventId }) },
        signal,
      }),
    )
    if (!response.ok) throw await problem(response)
    return response
  }

  /** A session ends after some hours, and a terminal may stay open for longer: who it spoke for is said again, once. */
  async #inSession(send: () => Promise<Response>): Promise<Response> {
    const response = await send()
    if (response.status !== 401 || this.#person === undefined) return response
    await response.body?.cancel()
    await this.become(this.#person)
    return send()
  }

  async #ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const send = () =>
      this.#fetch(path, {
        method,
        headers: { cookie: this.#cookie, ...(body && { 'content-type': 'application/json' }) },
        signal: AbortSignal.timeout(30_000),
        body: body && JSON.stringify(body),
      })
    const response = await (path === '/session' ? send() : this.#inSession(send))
    if (!response.ok) throw await problem(response)
    this.#cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? this.#cookie
    return (await response.json()) as Answer // the same release on both ends
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(`${this.#address}/api${path}`, init)
    } catch (cause) {
      const says = `Quarterdeck does not answer at ${this.#address}. Start it with "npm start", or name another address with --url.`
      throw new UpstreamError(says, { service: 'quarterdeck', retryable: true, cause })
    }
  }
}

async function problem(response: Response): Promise<Error> {
  const body: unknown = await response.json().catch(() => undefined)
  const says =
    typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string'
      ? body.error
      : `Quarterdeck answered ${response.status}.`
  if (response.status < 500) return new UserError(says)
  const seconds = Number(response.headers.get('retry-after') ?? '1')
  return new UpstreamError(says, { service: 'quarterdeck', retryable: true, retryAfterMs: seconds * 1000 })
}
