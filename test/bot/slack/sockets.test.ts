import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSockets, type Sockets } from '../../../bot/slack/receive/sockets.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import { soon } from '../../_harness/soon.ts'
import { Front } from './front.ts'

/** Slack's side of Socket Mode: `apps.connections.open`, then a WebSocket (RFC 6455) of short unfragmented texts. */
class SocketSide {
  readonly front = new Front('http://127.0.0.1:9')
  readonly sockets = new Set<Socket>()
  readonly #all: Socket[] = []
  readonly answers: Record<string, unknown>[] = []
  refusals = 0
  /** How often it is asked where to connect and says nothing. */
  silences = 0

  async open(): Promise<this> {
    await this.front.listen()
    this.front.instead.push(({ method }) => {
      if (method !== 'apps.connections.open') return undefined
      if (this.refusals-- > 0) return { status: 500, body: {} }
      if (this.silences-- > 0) return new Promise(() => undefined)
      return { body: { ok: true, url: `${this.front.url.replace('http', 'ws')}/link` } }
    })
    this.front.server.on('upgrade', (request, socket: Socket) => {
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
      const accept = createHash('sha1').update(key).digest('base64')
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      )
      this.sockets.add(socket)
      this.#all.push(socket)
      socket.on('data', (frame) => this.#heard(frame))
      socket.on('error', () => undefined)
      socket.on('close', () => this.sockets.delete(socket))
      this.send({ type: 'hello', num_connections: 1 }, socket)
    })
    return this
  }

  send(message: object, socket = [...this.sockets][0]): void {
    const text = Buffer.from(JSON.stringify(message))
    const length =
      text.length < 126
        ? Buffer.from([0x81, text.length])
        : Buffer.from([0x81, 126, text.length >> 8, text.length & 255])
    socket?.write(Buffer.concat([length, text]))
  }

  /** Frames of clients are masked; ours are one text each, or control frames that nobody needs. */
  #heard(frame: Buffer): void {
    for (let at = 0; at + 2 <= frame.length; ) {
      const short = (frame[at + 1] ?? 0) & 127
      const head = at + (short === 126 ? 4 : 2)
      const length = short === 126 ? frame.readUInt16BE(at + 2) : short
      const mask = frame.subarray(head, head + 4)
      const body = frame.subarray(head + 4, head + 4 + length).map((byte, place) => byte ^ (mask[place % 4] ?? 0))
      if (((frame[at] ?? 0) & 15) === 1) this.answers.push(JSON.parse(Buffer.from(body).toString('utf8')))
      at = head + 4 + length
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#all) socket.destroy()
    await this.front.close()
  }
}

let slack: SocketSide
let sockets: Sockets
const heard: unknown[] = []

beforeEach(async () => {
  heard.length = 0
  slack = await new SocketSide().open()
  sockets = createSockets({
    ...{ appToken: 'xapp-of-these-tests', api: `${slack.front.url}/api/`, log: silentLogger, answersWithinMs: 1_000 },
    handOn: (body, acknowledge) => {
      acknowledge()
      heard.push(body)
    },
  })
})
afterEach(async () => {
  await sockets.close()
  await slack.close()
})

const connected = (count: number) => soon(() => expect(sockets.connected).toBe(count))

describe('Socket Mode', () => {
  test('hears on two connections, and acknowledges on the one it heard', async () => {
    sockets.open()
    await connected(2)
    const [first, second] = [...slack.sockets]
    slack.send(
      { type: 'events_api', envelope_id: 'e1', payload: { type: 'event_callback', event: { type: 'app_mention' } } },
      first,
    )
    slack.send({ type: 'slash_commands', envelope_id: 'e2', payload: { command: '/qd', text: 'help' } }, second)
    await soon(() => expect(heard).toHaveLength(2))
    expect(heard).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: 'event_callback' }), { command: '/qd', text: 'help' }]),
    )
    await soon(() => expect(slack.answers.map(({ envelope_id: id }) => id).toSorted()).toEqual(['e1', 'e2']))
  })

  test('is back within moments when a connection is cut or renewed, and hears on the other meanwhile', async () => {
    sockets.open()
    await connected(2)
    for (let cut = 0; cut < 20; cut++) {
      const [first] = [...slack.sockets]
      if (cut % 2) first?.destroy()
      else slack.send({ type: 'disconnect', reason: 'refresh_requested' }, first)
      await soon(() => expect([...slack.sockets].filter((one) => one !== first)).toHaveLength(2))
      await connected(2)
      if (first) slack.sockets.delete(first)
    }
  })

  test('keeps trying while Slack cannot be reached', async () => {
    slack.refusals = 6
    sockets.open()
    await connected(2)
  })

  test('asks again where Slack takes the question and says nothing', async () => {
    slack.silences = 2
    sockets.open()
    await connected(2)
  })
})
