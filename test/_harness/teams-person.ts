import { randomUUID } from 'node:crypto'
import { APP_ID, type FakeTeams, TENANT, type TeamsMessage } from './fake-teams.ts'

interface Button {
  readonly type: string
  readonly title: string
  readonly verb?: string
  readonly data?: Record<string, unknown>
  readonly card?: { readonly body: readonly Record<string, unknown>[]; readonly actions: readonly Button[] }
}
interface AdaptiveCard {
  readonly body: readonly Record<string, unknown>[]
  readonly actions?: readonly Button[]
  readonly refresh?: { readonly action: Button; readonly userIds: readonly string[] }
}

export interface InvokeAnswer {
  readonly statusCode: number
  readonly type: string
  readonly value: string | AdaptiveCard
}

/** Somebody in Teams, in one conversation: says things to the bot and presses its buttons. */
export class TeamsPerson {
  readonly #teams: FakeTeams
  readonly #address: () => string
  readonly accountId: string
  readonly conversationId: string

  constructor(teams: FakeTeams, address: () => string, accountId: string, conversationId: string) {
    this.#teams = teams
    this.#address = address
    this.accountId = accountId
    this.conversationId = conversationId
  }

  in(conversationId: string): TeamsPerson {
    return new TeamsPerson(this.#teams, this.#address, this.accountId, conversationId)
  }

  /** An activity of theirs; `more` replaces parts of it. */
  activity(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const personal = !this.conversationId.startsWith('19:')
    const channel = this.conversationId.includes('@thread.tacv2')
    return {
      type: 'message',
      id: `f:${randomUUID()}`,
      timestamp: new Date().toISOString(),
      channelId: 'msteams',
      serviceUrl: this.#teams.serviceUrl,
      from: { id: `29:${this.accountId}`, name: 'Somebody', aadObjectId: this.accountId },
      recipient: { id: `28:${APP_ID}`, name: 'Quarterdeck' },
      conversation: {
        id: this.conversationId,
        conversationType: personal ? 'personal' : channel ? 'channel' : 'groupChat',
        tenantId: TENANT,
        isGroup: !personal,
      },
      channelData: { tenant: { id: TENANT } },
      ...more,
    }
  }

  /** Mentions the bot, where it must be mentioned. */
  message(text: string): Record<string, unknown> {
    if (!this.conversationId.startsWith('19:')) return this.activity({ text, textFormat: 'plain' })
    const tag = '<at>Quarterdeck</at>'
    const mentioned = { id: `28:${APP_ID}`, name: 'Quarterdeck' }
    return this.activity({ text: `${tag}&nbsp;${text}`, entities: [{ type: 'mention', text: tag, mentioned }] })
  }

  async send(activity: object, authorization?: string): Promise<Response> {
    return fetch(`${this.#address()}/teams/messages`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: authorization ?? `Bearer ${await this.#teams.token()}`,
      },
      body: JSON.stringify(activity),
    })
  }

  /** Says it; resolves with the first new message of the bot in this conversation that is so. */
  async says(text: string, is: (text: string) => boolean = () => true): Promise<TeamsMessage> {
    const before = new Set(this.#teams.messages)
    const taken = await this.send(this.message(text))
    if (taken.status !== 202) throw new Error(`"${text}" was not taken: ${taken.status} ${await taken.text()}`)
    return this.#teams.sees(
      (one) => !before.has(one) && this.#here(one) && is(textOfMessage(one)),
      `an answer to "${text}"`,
    )
  }

  sees(is: (text: string) => boolean, what: string): Promise<TeamsMessage> {
    return this.#teams.sees((one) => this.#here(one) && is(textOfMessage(one)), what)
  }

  /** The card as this person's client shows it: refreshed where it asks to be. */
  async viewOf(message: TeamsMessage): Promise<AdaptiveCard> {
    const card = cardOf(message)
    if (!card.refresh?.userIds.includes(`29:${this.accountId}`)) return card
    const { value } = await this.invoke(card.refresh.action, {}, message)
    return typeof value === 'string' ? card : value
  }

  /** Presses the button of that name, as far as this person's client shows it, with what was typed into the inputs. */
  async presses(message: TeamsMessage, title: string, inputs: Record<string, string> = {}): Promise<string> {
    const card = await this.viewOf(message)
    const button = buttonsOf(card).find((one) => one.title === title)
    if (!button)
      throw new Error(
        `There is no button "${title}"; there are ${buttonsOf(card)
          .map((one) => one.title)
          .join(', ')}.`,
      )
    const { value } = await this.invoke(button.card?.actions[0] ?? button, inputs, message)
    return typeof value === 'string' ? value : 'a card'
  }

  async invoke({ verb, data }: Button, inputs: Record<string, string> = {}, on?: TeamsMessage): Promise<InvokeAnswer> {
    const action = { type: 'Action.Execute', verb, data: { ...data, ...inputs } }
    const replyToId = on && { replyToId: on.id }
    const pressed = { type: 'invoke', name: 'adaptiveCard/action', value: { action }, ...replyToId }
    const answer = await this.send(this.activity(pressed))
    if (answer.status !== 200) throw new Error(`the button was answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as InvokeAnswer // the shape that Teams asks for, held by the surface's tests
  }

  #here(message: TeamsMessage): boolean {
    return message.conversationId === this.conversationId
  }
}

export function cardOf(message: TeamsMessage): AdaptiveCard {
  const [attachment] = message.activity.attachments as { contentType: string; content: AdaptiveCard }[]
  if (!attachment) throw new Error('the message has no card')
  return attachment.content
}

export function buttonsOf(card: AdaptiveCard): readonly Button[] {
  const rows = card.body
    .filter(({ type }) => type === 'ActionSet')
    .flatMap(({ actions }) => actions as readonly Button[])
  return [...(card.actions ?? []), ...rows]
}

/** Everything that stands on it, a line an element. */
export const textOfMessage = ({ activity }: TeamsMessage): string =>
  [typeof activity.text === 'string' ? activity.text : '', textOf(activity.attachments)].filter(Boolean).join('\n')

/** The same of a card. */
export function textOf(card: unknown): string {
  const lines: string[] = []
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) for (const one of part) walk(one)
    else if (typeof part === 'object' && part !== null) {
      if ('inlines' in part) lines.push((part.inlines as { text: string }[]).map(({ text }) => text).join(''))
      else for (const [key, value] of Object.entries(part)) if (key !== 'data') walk(value)
    }
  }
  walk(card)
  return lines.join('\n')
}
