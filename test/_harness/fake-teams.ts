import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import { type FakeKey, newKey, publicPart } from './fake-teams-keys.ts'

/** A message as the fake keeps it: the newest of what was sent or edited. */
export interface TeamsMessage {
  readonly id: string
  readonly conversationId: string
  activity: Record<string, unknown>
  edits: number
}

export interface TeamsMember {
  readonly aadObjectId: string
  readonly name: string
  readonly userRole?: string
  readonly userPrincipalName?: string
  readonly email?: string
  readonly tenantId?: string
}

export const APP_ID = '11111111-0000-4000-8000-000000000001'
export const TENANT = '22222222-0000-4000-8000-000000000002'
/** Greater messages are refused, as Teams does. */
const MOST_BYTES = 28 * 1024

/**
 * Microsoft's side of Teams over HTTP, on this machine: the login that gives bots their tokens, the metadata and keys of the Bot
 * Framework (made at the start), and its connector, which keeps what it is sent and refuses what Teams refuses.
 */
export class FakeTeams {
  readonly messages: TeamsMessage[] = []
  readonly members = new Map<string, TeamsMember>()
  readonly uploads = new Map<string, string>()
  /** Whatever was asked of the connector, as `METHOD /path`. */
  readonly asked: string[] = []
  readonly keys: FakeKey[] = [newKey(['msteams'])]
  /** Answers given instead of the true ones, in order; undefined lets one pass. */
  readonly instead: ({ status: number; headers?: Record<string, string> } | undefined)[] = []
  /** Asked at every call of the connector, before it counts and before it is answered; true: the caller is not answered. */
  watch: (call: string, moment: 'before' | 'after') => boolean = () => false
  /** Where the program finds all of it, when that is not where it listens: there is something in between. */
  foundAt: string | undefined
  /** Channels that do not let the bot in. */
  readonly shut = new Set<string>()
  /** Who has the app in a team or chat only, not for themselves: their own chat is opened by their Teams id, not by their Entra id. */
  readonly notInstalledBy = new Set<string>()
  /** Chats that somebody removed with their history: the next one that is opened with them has another name. */
  readonly removed = new Set<string>()
  loginsGiven = 0
  readonly tokens = new Set<string>()
  /** The login does not know the bot. */
  loginsRefused = false
  /** The signing keys cannot be read. */
  keysGone = false
  readonly #server = createServer((request, response) => void this.#serve(request, response))
  #moment = 0
  readonly #watchers = new Set<() => void>()

  static async start(): Promise<FakeTeams> {
    const fake = new FakeTeams()
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve))
    return fake
  }

  get url(): string {
    return this.foundAt ?? `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}` // a TCP server's address is never a string
  }
  get serviceUrl(): string {
    return `${this.url}/emea/`
  }
  get key(): FakeKey {
    const [key] = this.keys
    if (!key) throw new Error('the fake has no key')
    return key
  }

  /** What quarterdeck.yaml says under `teams`. */
  config(passwordVariable: string): object {
    return {
      appId: APP_ID,
      appPassword: `env:${passwordVariable}`,
      tenants: [TENANT],
      metadata: `${this.url}/v1/.well-known/openidconfiguration`,
      login: this.url,
    }
  }

  /** A token as the Bot Framework signs them; `claims` replace its own, undefined takes one away. */
  token(
    claims: Readonly<Record<string, unknown>> = {},
    key: FakeKey = this.key,
    header: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1_000)
    const times = { nbf: now - 60, exp: now + 3_600 }
    const own = { serviceurl: this.serviceUrl, ...times, iss: 'https://api.botframework.com', aud: APP_ID }
    const kept = Object.entries({ ...own, ...claims }).filter(([, value]) => value !== undefined)
    return new SignJWT(Object.fromEntries(kept))
      .setProtectedHeader({ ...header, alg: 'RS256', kid: key.kid, typ: 'JWT' })
      .sign(key.privateKey)
  }

  /** Resolves with the newest message that is so; rejects, saying what there is, when none comes. */
  async sees(is: (message: TeamsMessage) => boolean, what: string, withinMs = 30_000): Promise<TeamsMessage> {
    const until = Date.now() + withinMs
    for (;;) {
      const found = this.messages.findLast(is)
      if (found) return found
      if (Date.now() > until)
        throw new Error(
          `Waited in vain for ${what}; there is:\n${this.messages.map((one) => JSON.stringify(one.activity).slice(0, 600)).join('\n')}`,
        )
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200)
        this.#watchers.add(() => {
          clearTimeout(timer)
          resolve()
        })
      })
      this.#watchers.clear()
    }
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request)
    const path = decodeURIComponent((request.url ?? '/').split('?', 1)[0] ?? '/')
    const answer = (status: number, json: object, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
      response.end(JSON.stringify(json))
    }
    if (path === '/v1/.well-known/openidconfiguration')
      return void answer(200, { issuer: 'https://api.botframework.com', jwks_uri: `${this.url}/v1/.well-known/keys` })
    if (path === '/v1/.well-known/keys' && this.keysGone) return void answer(503, {})
    if (path === '/v1/.well-known/keys') return void answer(200, { keys: this.keys.map(publicPart) })
    if (path === `/${TENANT}/oauth2/v2.0/token`) return this.#login(body, answer)
    if (path.startsWith('/drive/')) {
      this.uploads.set(path, body)
      return void answer(201, {})
    }
    const asked = `${request.method} ${path}`
    this.asked.push(asked)
    if (this.watch(asked, 'before')) return void response.destroy()
    const instead = this.instead.shift()
    if (instead) return void answer(instead.status, { error: { code: 'Instead' } }, instead.headers)
    if (!this.tokens.has(request.headers.authorization?.replace('Bearer ', '') ?? ''))
      return void answer(401, { error: { code: 'BotNotInConversationRoster' } })
    if (body.length > MOST_BYTES) return void answer(413, { error: { code: 'MessageSizeTooBig' } })
    this.#connector(request.method ?? '', path.replace('/emea/v3/conversations', ''), body, (status, json) => {
      if (this.watch(asked, 'after')) response.destroy()
      else answer(status, json)
    })
    for (const wake of this.#watchers) wake()
  }

  #login(body: string, answer: (status: number, json: object) => void): void {
    const form = new URLSearchParams(body)
    if (
      this.loginsRefused ||
      form.get('client_id') !== APP_ID ||
      form.get('scope') !== 'https://api.botframework.com/.default'
    )
      return void answer(400, { error: 'unauthorized_client' })
    const token = `bot-token-${randomUUID()}`
    this.tokens.add(token)
    this.loginsGiven += 1
    answer(200, { access_token: token, expires_in: 3_600, token_type: 'Bearer' })
  }

  #connector(method: string, path: string, body: string, answer: (status: number, json: object) => void): void {
    const [, conversationId = '', part = '', id = ''] = path.split('/')
    if (method === 'GET' && part === 'members') {
      const member = this.members.get(id)
      if (!member) return void answer(404, { error: { code: 'MemberNotFoundInConversation' } })
      const { aadObjectId, name, ...rest } = member
      return void answer(200, {
        id: `29:${aadObjectId}`,
        aadObjectId,
        name,
        userRole: 'user',
        tenantId: TENANT,
        ...rest,
      })
    }
    const json = JSON.parse(body) as Record<string, unknown> // only the connector's own callers speak here
    if (this.shut.has(channelIn(json) ?? conversationId.split(';', 1)[0] ?? ''))
      return void answer(403, { error: { code: 'BotNotInConversationRoster' } })
    if (method === 'POST' && conversationId === '') {
      const begun = this.#begin(json)
      if ('error' in begun) answer(begun.status, { error: { code: begun.error } })
      else answer(201, begun)
      return
    }
    if (this.removed.has(conversationId)) return void answer(404, { error: { code: 'ConversationNotFound' } })
    const message = this.messages.find((one) => one.conversationId === conversationId && one.id === id)
    if (method === 'POST' && part === 'activities' && id === '')
      return void answer(201, { id: this.#keep(conversationId, json).id })
    if (method !== 'PUT' || !message) return void answer(404, { error: { code: 'ActivityNotFoundInConversation' } })
    message.activity = json
    message.edits += 1
    answer(200, { id })
  }

  #begin(wanted: Record<string, unknown>): { id: string; activityId?: string } | { status: number; error: string } {
    if (wanted.isGroup !== true) {
      const member = (wanted.members as { id: string }[])[0]?.id ?? ''
      if (this.notInstalledBy.has(member)) return { status: 403, error: 'ForbiddenOperationException' }
      const id = `a:${member.replace(/^29:/, '')}`
      return { id: this.removed.has(id) ? `${id}-anew` : id }
    }
    // Threads are begun in channels only; a group chat has none.
    if (!/@thread\.(?:tacv2|skype)$/.test(channelIn(wanted) ?? '')) return { status: 400, error: 'BadSyntax' }
    const id = this.#nextMoment()
    const message = this.#keep(`${channelIn(wanted)};messageid=${id}`, wanted.activity as Record<string, unknown>, id)
    return { id: message.conversationId, activityId: id }
  }

  /** Teams calls messages of channels and group chats by when they were sent, each by another millisecond. */
  #nextMoment(): string {
    this.#moment = Math.max(Date.now(), this.#moment + 1)
    return String(this.#moment)
  }

  #keep(
    conversationId: string,
    activity: Record<string, unknown>,
    id = conversationId.startsWith('19:') ? this.#nextMoment() : `1:${randomUUID()}`,
  ): TeamsMessage {
    const message = { id, conversationId, activity, edits: 0 }
    this.messages.push(message)
    return message
  }
}

/** Where a thread is to be begun. */
const channelIn = (wanted: Record<string, unknown>): string | undefined =>
  (wanted.channelData as { channel?: { id: string } } | undefined)?.channel?.id

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // a request without an encoding gives buffers
  return Buffer.concat(chunks).toString('utf8')
}
