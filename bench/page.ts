import { z } from 'zod'

/** What a person's page does over HTTP: says who they are, speaks in conversations, reads them. */
export interface Page {
  /** A new conversation's key. */
  newThread(): Promise<string>
  /** Resolves with the milliseconds until the message was acknowledged; throws when it was not. */
  say(thread: string, text: string, key: string): Promise<number>
  /** The milliseconds that an answer from memory takes, which stores nothing. */
  touch(): Promise<number>
  /** The milliseconds that an answer from the store takes. */
  look(): Promise<number>
  /** Keys of the messages of a conversation that have their card. */
  answered(thread: string): Promise<Set<string>>
}

const Thread = z.object({ key: z.string() })
const Items = z.object({
  items: z.array(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('message'), key: z.string(), requestId: z.string().nullable() }),
      z.object({ type: z.literal('card'), requestId: z.string().nullable() }),
    ]),
  ),
  more: z.boolean(),
})

export async function openPage(address: string, person: string): Promise<Page> {
  let cookie = ''
  async function call(path: string, body?: object): Promise<Response> {
    const response = await fetch(`${address}/api${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', origin: address, cookie },
      body: body && JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`)
    return response
  }
  const session = await call('/session', { person, surface: 'web' })
  cookie = session.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

  async function timed(work: () => Promise<Response>): Promise<number> {
    const started = performance.now()
    const response = await work()
    await response.arrayBuffer()
    return performance.now() - started
  }

  return {
    newThread: async () => Thread.parse(await (await call('/threads', {})).json()).key,
    say: (thread, text, key) => timed(() => call(`/threads/${thread}/messages`, { text, key })),
    touch: () => timed(() => call('/session')),
    look: () => timed(() => call('/threads')),
    async answered(thread) {
      const { items, more } = Items.parse(await (await call(`/threads/${thread}`)).json())
      if (more) throw new Error('The conversation is longer than a page; speak in more of them.')
      const withCard = new Set(
        items.flatMap((item) => (item.type === 'card' && item.requestId ? [item.requestId] : [])),
      )
      return new Set(
        items.flatMap((item) =>
          item.type === 'message' && item.requestId && withCard.has(item.requestId) ? [item.key] : [],
        ),
      )
    },
  }
}
