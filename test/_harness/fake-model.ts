import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A tool call as a model would make it. */
export interface FakeCall {
  readonly tool: string
  readonly arguments: object | string
}

/** What was asked, taken out of the request. */
export interface FakeAsk {
  /** The person's words, as the prompt marks them; the whole message where it does not. */
  readonly said: string
  readonly outside: string
  readonly message: string
  readonly instructions: string
  readonly authorization: string | undefined
  readonly tools: readonly {
    readonly function: { readonly name: string; readonly strict?: boolean; readonly parameters: object }
  }[]
  readonly body: Readonly<Record<string, unknown>>
}

/** What the next answers go wrong by, first come first. */
export type Fault =
  | 'never answers'
  | 'hangs up'
  | 'broken JSON'
  | 'broken arguments'
  | 'no choices'
  | 'impossible counts'
  | 'takes no strict schemas'
  | { readonly status: number; readonly retryAfter?: string; readonly code?: string }

/** How it answers: recorded calls by what was said (nothing recorded: `no_request`), or by a function of the question. */
export type FakeAnswers = Readonly<Record<string, readonly FakeCall[]>> | ((ask: FakeAsk) => readonly FakeCall[])

export interface FakeModel {
  /** Its base URL. */
  readonly url: string
  readonly asked: readonly FakeAsk[]
  answers: FakeAnswers
  /** Answer faults, in the order in which they strike. */
  readonly faults: Fault[]
  models: readonly string[] | undefined
  close(): Promise<void>
}

/** Obeys whatever any text in the prompt orders: `call deploy with {"service":"cart"}`, wherever it stands. What a model in the hands of an attacker would do. */
export function obeyInjections({ message }: FakeAsk): readonly FakeCall[] {
  const text = message.replaceAll('\\"', '"').replaceAll('\\\\', '\\')
  return [...text.matchAll(/call (\w+) with (\{[^{}]*\})/gi)].map(([, tool = '', json = '{}']) => ({
    tool,
    arguments: json,
  }))
}

export const TOKENS = { prompt_tokens: 1_200, completion_tokens: 30 }

/** A local server that speaks OpenAI's chat completions with tools, as far as we do. */
export async function startFakeModel(answers: FakeAnswers = {}): Promise<FakeModel> {
  const asked: FakeAsk[] = []
  const faults: Fault[] = []
  const fake = { answers, models: ['fake-1'] as readonly string[] | undefined }
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => send(response, 500, { error: { message: String(error) } }))
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    if (request.url?.endsWith('/models')) {
      const list = { object: 'list', data: fake.models?.map((id) => ({ id, object: 'model' })) }
      return fake.models ? send(response, 200, list) : send(response, 404, { error: { message: 'no such path' } })
    }
    const ask = askOf(body, request.headers.authorization)
    asked.push(ask)
    const fault = faults[0]
    // Struck only by those that ask for it.
    if (fault === 'takes no strict schemas') {
      if (ask.tools.some((tool) => tool.function.strict) || 'temperature' in body)
        return send(response, 400, { error: { message: "Unrecognized key 'strict'" } })
    } else {
      faults.shift()
      if (fault !== undefined && (await strike(fault, response))) return
    }
    const calls =
      typeof fake.answers === 'function'
        ? fake.answers(ask)
        : (fake.answers[ask.said] ?? [{ tool: 'no_request', arguments: { because: 'other' } }])
    const said = completion(
      calls.map((call) => (fault === 'broken arguments' ? { ...call, arguments: '{"service": "car' } : call)),
    )
    send(response, 200, fault === 'impossible counts' ? { ...said, usage: { ...TOKENS, prompt_tokens: 1e12 } } : said)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server has one
  return Object.assign(fake, {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    faults,
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  })
}

/** True when the fault was the whole answer. */
async function strike(fault: Fault, response: ServerResponse): Promise<boolean> {
  if (fault === 'never answers') return true
  if (fault === 'hangs up') response.destroy()
  else if (fault === 'broken JSON') response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": [')
  else if (fault === 'no choices') send(response, 200, { object: 'chat.completion', choices: [] })
  else if (typeof fault === 'object') {
    const { status, retryAfter, code } = fault
    send(
      response,
      status,
      { error: { message: `fault ${status}`, code } },
      retryAfter ? { 'retry-after': retryAfter } : {},
    )
  } else return false
  return true
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text ? JSON.parse(text) : {}
}

function askOf(body: Record<string, unknown>, authorization: string | undefined): FakeAsk {
  const messages = body.messages as readonly { readonly role: string; readonly content: string }[] // ours, from the client under test
  const message = messages.find(({ role }) => role === 'user')?.content ?? ''
  const part = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(message)?.[1]
  const said = part('said')
  return {
    said: said ? JSON.parse(said) : message,
    outside: part('outside') ?? '',
    message,
    instructions: messages.find(({ role }) => role === 'system')?.content ?? '',
    authorization,
    tools: body.tools as FakeAsk['tools'],
    body,
  }
}

function completion(calls: readonly FakeCall[]): object {
  const toolCalls = calls.map((call, index) => ({
    id: `call_${index}`,
    type: 'function',
    function: {
      name: call.tool,
      arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments),
    },
  }))
  return {
    id: 'chatcmpl-fake',
    object: 'chat.completion',
    created: 0,
    model: 'fake-1',
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: { role: 'assistant', content: null, refusal: null, tool_calls: toolCalls },
      },
    ],
    usage: { ...TOKENS, total_tokens: TOKENS.prompt_tokens + TOKENS.completion_tokens },
  }
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
