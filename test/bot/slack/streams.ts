import type { ApiCall } from './front.ts'
import { BOT } from './seed.ts'

interface Task {
  readonly id: string
  readonly title: string
  readonly status: string
  readonly details: string
  readonly output: string
}
interface Stream {
  readonly channel: string
  readonly beganAt: number
  title: string
  readonly tasks: Map<string, Task>
  live: boolean
}
interface Chunk {
  readonly type: string
  readonly id?: string
  readonly title?: string
  readonly status?: string
  readonly details?: string
  readonly output?: string
}

const error = (name: string) => ({ body: { ok: false, error: name } })

/**
 * Slack's streams, which the emulator does not have, by https://docs.slack.dev/reference/methods/chat.startStream and what others met: titles and
 * states of a task replace, details and outputs are added (openclaw/openclaw#125168); it ends by itself after five minutes, however much is
 * said (slackapi/node-slack-sdk#2702); what is under way when it ends is shown as failed (vercel/chat#911); only a message that ended may be edited.
 */
export class Streams {
  now = (): number => Date.now()
  readonly #streams = new Map<string, Stream>()
  readonly #emulator: string

  constructor(emulator: string) {
    this.#emulator = emulator
  }

  /** Undefined for what is no call of a stream. */
  async answer({ method, args }: ApiCall): Promise<{ body: object } | undefined> {
    for (const [ts, stream] of this.#streams)
      if (stream.live && this.now() - stream.beganAt >= 5 * 60_000) await this.#end(ts, stream)
    const { ts = '' } = args
    const stream = this.#streams.get(ts)
    if (method === 'chat.startStream') return this.#start(args)
    if (method === 'chat.update') return stream?.live ? error('streaming_state_conflict') : undefined
    if (method !== 'chat.appendStream' && method !== 'chat.stopStream') return undefined
    if (!stream) return error('message_not_found')
    if (!stream.live) return error('message_not_in_streaming_state')
    const refusal = this.#add(stream, args.chunks)
    if (refusal) return refusal
    if (method === 'chat.stopStream') await this.#end(ts, stream, args.metadata)
    else await this.#draw(ts, stream)
    return { body: { ok: true, channel: stream.channel, ts } }
  }

  async #start({ channel = '', thread_ts: thread = '', chunks, task_display_mode: mode }: ApiCall['args']) {
    if (!thread || mode !== 'plan') return error('invalid_arguments')
    const stream: Stream = { channel, beganAt: this.now(), title: '', tasks: new Map(), live: true }
    const refusal = this.#add(stream, chunks)
    if (refusal) return refusal
    const said = { channel, thread_ts: thread, text: 'a stream', blocks: JSON.stringify(blocksOf(stream)) }
    const { ts } = await this.#ask('chat.postMessage', said)
    this.#streams.set(String(ts), stream)
    return { body: { ok: true, channel, ts } }
  }

  #add(stream: Stream, said = '[]') {
    for (const chunk of JSON.parse(said) as Chunk[]) {
      const { type, id, title = '', status = '', details = '', output = '' } = chunk
      if ([title, details, output].some((text) => text.length > 256) || !title) return error('invalid_chunks')
      if (type === 'plan_update') stream.title = title
      else if (type === 'task_update' && id && /^(?:pending|in_progress|complete|error)$/.test(status)) {
        const last = stream.tasks.get(id)
        const more = { details: (last?.details ?? '') + details, output: (last?.output ?? '') + output }
        stream.tasks.set(id, { id, title, status, ...more })
      } else return error('invalid_chunks')
    }
    return undefined
  }

  async #end(ts: string, stream: Stream, metadata?: string) {
    stream.live = false
    for (const task of stream.tasks.values())
      if (task.status === 'in_progress') stream.tasks.set(task.id, { ...task, status: 'error' })
    await this.#draw(ts, stream, metadata)
  }

  async #draw(ts: string, stream: Stream, metadata?: string) {
    const { channel } = stream
    const blocks = JSON.stringify(blocksOf(stream))
    await this.#ask('chat.update', { channel, ts, text: 'a stream', blocks, ...(metadata ? { metadata } : {}) })
  }

  async #ask(method: string, args: Record<string, string>): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.#emulator}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${BOT.token}` },
      body: new URLSearchParams(args),
    })
    const answer = (await response.json()) as Record<string, unknown>
    if (answer.ok !== true) throw new Error(`${method}: ${JSON.stringify(answer)}`)
    return answer
  }
}

const blocksOf = ({ title, tasks }: Stream) => [
  {
    type: 'plan',
    title,
    tasks: [...tasks.values()].map(({ id, ...task }) => ({ type: 'task_card', task_id: id, ...task })),
  },
]
