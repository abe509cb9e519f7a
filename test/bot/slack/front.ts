import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KnownIds } from './known-ids.ts'

/** One call of the Web API, as it arrived. */
export interface ApiCall {
  readonly method: string
  readonly args: Readonly<Record<string, string>>
  readonly at: number
}

interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body: object
}

/** Answers a call instead of the emulator, or not at all. */
type Instead = (call: ApiCall) => Answer | Promise<Answer | undefined> | undefined
/** Adds to what the emulator answers. */
type Also = (call: ApiCall, answer: Record<string, unknown>) => Record<string, unknown>

/**
 * Stands before the emulator of Slack's Web API: writes down what is called, adds what the emulator lacks, refuses where a test says so,
 * and is where answers to clicks and commands (`response_url`) go.
 */
export class Front {
  readonly calls: ApiCall[] = []
  readonly replies: { readonly path: string; readonly body: Record<string, unknown> }[] = []
  readonly instead: Instead[] = []
  readonly also: Also[] = []
  readonly ids = new KnownIds()
  readonly #server: Server
  readonly #emulator: string

  constructor(emulator: string) {
    this.#emulator = emulator
    this.#server = createServer((request, response) => {
      this.#answer(request)
        .catch((error: unknown) => ({ status: 500, body: { ok: false, error: String(error) } }) satisfies Answer)
        .then((answer: Answer) => {
          response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
          response.end(JSON.stringify(answer.body))
        })
    })
  }

  get server(): Server {
    return this.#server
  }

  get url(): string {
    // Listening on TCP.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  of(method: string): ApiCall[] {
    return this.calls.filter((call) => call.method === method)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const bytes = await bytesOf(request)
    const path = request.url ?? ''
    if (path.startsWith('/reply/')) {
      this.replies.push({ path, body: JSON.parse(bytes.toString('utf8')) })
      return { body: { ok: true } }
    }
    const method = path.replace(/^\/api\//, '').split('?', 1)[0] ?? ''
    const call = { method, args: argsOf(bytes, request), at: Date.now() }
    this.calls.push(call)
    for (const instead of this.instead) {
      const answer = await instead(call)
      if (answer) return answer
    }
    const forwarded = await fetch(`${this.#emulator}${path}`, {
      method: request.method ?? 'POST',
      headers: headersOf(request),
      // A letter a byte, so that a file comes through as it is.
      body: new Uint8Array(Buffer.from(this.ids.asked(bytes.toString('latin1')), 'latin1')),
    })
    const text = this.ids.answered(await forwarded.text())
    let body = (text.startsWith('{') ? JSON.parse(text) : { ok: false, error: 'unknown_method' }) as Record<
      string,
      unknown
    >
    for (const also of this.also) body = also(call, body)
    return { status: forwarded.status === 404 ? 200 : forwarded.status, body }
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

function argsOf(bytes: Buffer, request: IncomingMessage): Record<string, string> {
  const type = request.headers['content-type'] ?? ''
  if (type.includes('urlencoded')) return Object.fromEntries(new URLSearchParams(bytes.toString('utf8')))
  return {}
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const { authorization, 'content-type': type } = request.headers
  return { ...(authorization ? { authorization } : {}), ...(type ? { 'content-type': type } : {}) }
}
