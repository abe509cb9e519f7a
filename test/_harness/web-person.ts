import { randomUUID } from 'node:crypto'
import type { Action, Card } from '../../core/card.ts'
import type { OperationId } from '../../core/ids.ts'
import type { ClickReply } from '../../core/ports/surface.ts'

/** A card as the API gives it. */
export interface SeenCard {
  readonly type: 'card'
  readonly deliveryId: string
  readonly revision: number
  readonly card: Card
  readonly operationId: OperationId | null
  readonly final: boolean
}
interface SeenMessage {
  readonly type: 'message'
  readonly key: string
}

const PATIENCE_MS = 45_000
const LOOK_EVERY_MS = 40

/** Somebody at the page, over the real HTTP API. */
export class WebPerson {
  readonly #address: () => string
  readonly #cookie: string
  readonly thread: string
  readonly id: string

  private constructor(address: () => string, id: string, cookie: string, thread: string) {
    this.#address = address
    this.#cookie = cookie
    this.id = id
    this.thread = thread
  }

  static async enter(address: () => string, id: string, thread?: string): Promise<WebPerson> {
    const response = await fetch(`${address()}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ person: id }),
    })
    if (!response.ok) throw new Error(`${id} may not enter: ${await response.text()}`)
    const cookie = response.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    return new WebPerson(address, id, cookie, thread ?? `web-${randomUUID().replaceAll('-', '')}`)
  }

  /** The same person in another's conversation. */
  in(thread: string): WebPerson {
    return new WebPerson(this.#address, this.id, this.#cookie, thread)
  }

  request(path: string, body?: object): Promise<Response> {
    return fetch(`${this.#address()}/api/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { cookie: this.#cookie, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    })
  }

  async cards(): Promise<SeenCard[]> {
    const response = await this.request(`threads/${this.thread}`)
    if (!response.ok) throw new Error(`the conversation cannot be read: ${response.status} ${await response.text()}`)
    const { items } = (await response.json()) as { items: (SeenCard | SeenMessage)[] } // the API's own shape
    return items.filter((item) => item.type === 'card')
  }

  /**
   * Says it; resolves with the card that answers it: the request's own, or the question or plan of an earlier one that it answers or
   * corrects. The card of something that runs moves by itself and answers nobody.
   */
  async says(text: string, key: string = randomUUID()): Promise<SeenCard> {
    const before = new Map((await this.cards()).map((card) => [card.deliveryId, card]))
    const moved = (card: SeenCard) => {
      const was = before.get(card.deliveryId)
      return !was || (was.revision < card.revision && was.card.tone !== 'busy' && was.card.kind !== 'progress')
    }
    const response = await this.request(`threads/${this.thread}/messages`, { text, key })
    if (response.status !== 202)
      throw new Error(`"${text.slice(0, 80)}" was not taken: ${response.status} ${await response.text()}`)
    return this.sees(moved, `an answer to "${text.slice(0, 80)}"`)
  }

  /** Resolves with the newest card of the conversation that is so; rejects, saying what there is, when none comes. */
  async sees(is: (card: SeenCard) => boolean, what: string, patienceMs = PATIENCE_MS): Promise<SeenCard> {
    const until = Date.now() + patienceMs
    for (;;) {
      const cards = await this.cards()
      const found = cards.findLast(is)
      if (found) return found
      if (Date.now() > until) {
        const there = cards.map(({ card }) => JSON.stringify([card.title, card.subtitle, card.blocks])).join('\n')
        throw new Error(`${this.id} waited in vain for ${what}; there is:\n${there}`)
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }

  /** The live card of an operation, once it is so. */
  seesOperation(id: OperationId | null, is: (card: SeenCard) => boolean, what: string): Promise<SeenCard> {
    return this.sees((card) => card.operationId === id && is(card), what)
  }

  /** Waits until the operation's card is final. */
  seesTheEnd(id: OperationId | null, patienceMs = PATIENCE_MS): Promise<SeenCard> {
    return this.sees((card) => card.operationId === id && card.final, `the end of ${id}`, patienceMs)
  }

  /** Clicks the button with that label. */
  async clicks(
    seen: SeenCard,
    label: string,
    more: { reason?: string; key?: string; values?: object } = {},
  ): Promise<ClickReply> {
    const action = seen.card.actions?.find((one) => one.label.startsWith(label))
    if (!action)
      throw new Error(
        `there is no button "${label}"; there are: ${seen.card.actions?.map((one) => one.label).join(', ')}`,
      )
    return this.click(seen, action, more)
  }

  async click(
    seen: Pick<SeenCard, 'deliveryId'>,
    action: Pick<Action, 'verb' | 'payload'>,
    more: { reason?: string; key?: string; values?: object } = {},
  ): Promise<ClickReply> {
    const payload = more.values ? { ...action.payload, values: more.values } : (action.payload ?? {})
    const body = { verb: action.verb, payload, reason: more.reason, key: more.key ?? randomUUID() }
    const response = await this.request(`cards/${seen.deliveryId}/click`, body)
    if (!response.ok) throw new Error(`the click was not taken: ${response.status} ${await response.text()}`)
    return (await response.json()) as ClickReply // the API's own shape
  }
}

/** Everything a card says, on one line: for looking for words. */
export function wordsOf({ card }: SeenCard): string {
  return JSON.stringify(card).replaceAll(/[{}"[\]]/g, ' ')
}
