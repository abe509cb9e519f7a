import { createEmulator } from 'emulate'
import { Front } from './front.ts'
import { BOT, freePort, type Inhabitants, seed } from './seed.ts'
import { type SignedRequest, signedForm, signedJson, signedPayload } from './signed.ts'
import { Streams } from './streams.ts'

export interface Message {
  readonly ts: string
  readonly thread_ts?: string
  readonly user?: string
  readonly text: string
  readonly blocks?: readonly Block[]
  readonly metadata?: { readonly event_type: string; readonly event_payload: Record<string, unknown> }
  readonly files?: readonly { readonly name: string }[]
}
interface Block {
  readonly type: string
  readonly title?: string
  readonly tasks?: readonly { readonly task_id: string; readonly title: string; readonly status: string }[]
  readonly elements?: readonly {
    readonly type: string
    readonly action_id?: string
    readonly value?: string
    readonly text?: { readonly text: string }
  }[]
}

/** A Slack workspace: the emulator's Web API behind our front, and people who speak and click with Slack's signature. */
export class Town {
  readonly front: Front
  /** Where the emulator's own pages are. */
  readonly emulator: string
  readonly team = 'T000000001'
  readonly streams: Streams
  /** Where the program listens. */
  program = ''
  readonly #ids = new Map<string, string>()
  readonly #channels = new Map<string, string>()
  readonly #close: () => Promise<void>
  #count = 0

  private constructor(front: Front, emulator: string, close: () => Promise<void>) {
    this.front = front
    this.emulator = emulator
    this.streams = new Streams(emulator)
    this.#close = close
  }

  static async open(inhabitants: Inhabitants = {}): Promise<Town> {
    const emulator = await createEmulator({ service: 'slack', port: await freePort(), seed: seed(inhabitants) })
    const front = await new Front(emulator.url).listen()
    const town = new Town(front, emulator.url, async () => {
      await front.close()
      await emulator.close()
    })
    await town.#meet(inhabitants.channels ?? ['prod', 'random'])
    return town
  }

  /** `slack:` of the configuration. The secrets are in files, as a reference names them. */
  get api(): string {
    return `${this.front.url}/api/`
  }

  id(name: string): string {
    return this.#ids.get(name) ?? name
  }

  channel(name: string): string {
    return this.#channels.get(name) ?? name
  }

  /** From now on people and channels are known by the ids that they had in another emulated workspace. */
  knownAs(users: Readonly<Record<string, string>>, channels: Readonly<Record<string, string>>): void {
    for (const [ids, known] of [
      [this.#ids, users],
      [this.#channels, channels],
    ] as const)
      for (const [name, id] of Object.entries(known)) {
        this.front.ids.learn(id, ids.get(name) ?? name)
        ids.set(name, id)
      }
  }

  /** Says something in a channel, mentioning the bot; returns the message's ts, which is its thread. */
  async mentions(name: string, text: string, at: { channel?: string; thread?: string } = {}): Promise<string> {
    const channel = this.channel(at.channel ?? 'prod')
    const whole = `<@${BOT.userId}> ${text}`
    const ts = await this.#types(name, channel, whole, at.thread)
    await this.sendEvent({
      type: 'app_mention',
      user: this.id(name),
      text: whole,
      ts,
      channel,
      ...(at.thread ? { thread_ts: at.thread } : {}),
    })
    return at.thread ?? ts
  }

  /** Says something to the bot alone; returns where, and the message's ts. */
  async whispers(
    name: string,
    text: string,
    thread?: string,
  ): Promise<{ readonly channel: string; readonly ts: string }> {
    const channel = await this.direct(name)
    const ts = await this.#types(name, channel, text, thread)
    const event = { type: 'message', channel_type: 'im', user: this.id(name), text, ts, channel }
    await this.sendEvent(thread ? { ...event, thread_ts: thread } : event)
    return { channel, ts }
  }

  async direct(name: string): Promise<string> {
    const opened = await this.call(BOT.token, 'conversations.open', { users: this.id(name) })
    return (opened.channel as { id: string }).id
  }

  command(name: string, text: string, more: Record<string, string> = {}) {
    this.#count += 1
    return this.post(
      signedForm({
        ...{ command: '/qd', text, team_id: this.team, channel_id: this.channel('prod'), user_id: this.id(name) },
        ...{ trigger_id: `${this.#count}.1.abc`, response_url: `${this.front.url}/reply/${this.#count}`, ...more },
      }),
    )
  }

  /** What stands in a thread, oldest first. */
  async thread(ts: string, channel = 'prod'): Promise<readonly Message[]> {
    const args = { channel: this.channel(channel), ts, include_all_metadata: 'true' }
    return (await this.call(BOT.token, 'conversations.replies', args)).messages as Message[]
  }

  async history(channel: string): Promise<readonly Message[]> {
    const found = await this.call(BOT.token, 'conversations.history', { channel: this.channel(channel) })
    return (found.messages as Message[]).toReversed()
  }

  /** Clicks the button with that label on a message. */
  async clicks(name: string, label: string, message: Message, more: { channel?: string; actionTs?: string } = {}) {
    const button = message.blocks?.flatMap(({ elements = [] }) => elements).find((one) => one.text?.text === label)
    if (!button) throw new Error(`the message has no button "${label}": ${message.text}`)
    this.#count += 1
    const channel = this.channel(more.channel ?? 'prod')
    const { ts, thread_ts: thread } = message
    const click = {
      ...{
        type: 'block_actions',
        user: { id: this.id(name), team_id: this.team },
        team: { id: this.team, domain: 'x' },
      },
      ...{ api_app_id: 'A1', token: 'x', trigger_id: await this.trigger(name), channel: { id: channel, name: 'prod' } },
      ...{
        container: { type: 'message', message_ts: ts, channel_id: channel, thread_ts: thread, is_ephemeral: false },
      },
      ...{ message, response_url: `${this.front.url}/reply/${this.#count}` },
      actions: [{ ...button, block_id: 'b', action_ts: more.actionTs ?? `${Date.now() / 1_000}` }],
    }
    const path = `/reply/${this.#count}`
    await this.post(signedPayload(click))
    return path
  }

  /** What lets us open a dialog for somebody, for three seconds. */
  async trigger(name: string): Promise<string> {
    return String((await this.call(BOT.token, 'views.generateTriggerId', { user_id: this.id(name) })).trigger_id)
  }

  sendEvent(event: object, more: { id?: string; at?: number } = {}) {
    this.#count += 1
    const envelope = {
      type: 'event_callback',
      team_id: this.team,
      api_app_id: 'A1',
      event_time: more.at ?? Math.floor(Date.now() / 1_000),
    }
    return this.post(signedJson({ ...envelope, event_id: more.id ?? `Ev${this.#count}`, event }))
  }

  /** Sends what Slack would send to the program. */
  async post(request: SignedRequest, path = '/slack/events'): Promise<Response> {
    return fetch(`${this.program}${path}`, { method: 'POST', headers: request.headers, body: request.body })
  }

  async close(): Promise<void> {
    await this.#close()
  }

  async #types(name: string, channel: string, text: string, thread?: string): Promise<string> {
    const typed = await this.call(`xoxp-${name}`, 'chat.postMessage', {
      channel,
      text,
      ...(thread ? { thread_ts: thread } : {}),
    })
    return String(typed.ts)
  }

  async #meet(joined: readonly string[]): Promise<void> {
    const { members } = await this.call(BOT.token, 'users.list', {})
    for (const { id, name } of members as { id: string; name: string }[]) this.#ids.set(name, id)
    const { channels } = await this.call(BOT.token, 'conversations.list', {})
    for (const { id, name } of channels as { id: string; name: string }[]) this.#channels.set(name, id)
    for (const name of joined) await this.call(BOT.token, 'conversations.join', { channel: this.channel(name) })
    this.front.calls.length = 0
    // What the emulator does not know of people.
    this.front.also.push((call, answer) => {
      if (call.method !== 'users.info' || typeof answer.user !== 'object') return answer
      const guest = call.args.user === this.id('gast')
      return { ...answer, user: { ...answer.user, is_restricted: guest, is_email_confirmed: true } }
    })
    this.front.instead.push(({ method }) => (method.startsWith('assistant.') ? { body: { ok: true } } : undefined))
    this.front.instead.push((call) => this.streams.answer(call))
  }

  async call(token: string, method: string, args: Record<string, string>): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.api}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams(args),
    })
    const answer = (await response.json()) as Record<string, unknown>
    if (answer.ok !== true) throw new Error(`${method}: ${JSON.stringify(answer)}`)
    return answer
  }
}
