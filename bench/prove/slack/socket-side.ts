import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../frame/random.ts'
import type { Event } from './event.ts'
import { CLOSE, frameOf, framesIn, PING, PONG, TEXT } from './frames.ts'
import type { Workspace } from './workspace.ts'

/** Slack waits three seconds for an acknowledgement, and sends an event three times more. */
const ACKNOWLEDGED_WITHIN_MS = 3_000
const ATTEMPTS = 4
/** How long Slack keeps a connection that it has asked to be replaced, whatever is said to that. */
const REFRESH_MS = 10_000
const WITHOUT_CONNECTION_MS = 60_000

/** Slack's side of Socket Mode: it holds the connections, cuts them, and sends again what nobody acknowledged. */
export class SocketSide {
  /** Those that are told events. */
  readonly #open = new Set<Socket>()
  readonly #all = new Set<Socket>()
  /** By envelope: where it was sent, and who waits for its acknowledgement. */
  readonly #waiting = new Map<string, { readonly socket: Socket; readonly end: (isAcknowledged: boolean) => void }>()
  readonly #random: Random
  #count = 0
  redelivered = 0

  constructor(workspace: Workspace, random: Random) {
    this.#random = random
    workspace.front.server.on('upgrade', (request, socket: Socket) => {
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
      const accept = createHash('sha1').update(key).digest('base64')
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      )
      this.#listen(socket)
      this.#send(socket, { type: 'hello', num_connections: this.#open.size + 1 })
      this.#open.add(socket)
    })
  }

  get connections(): number {
    return this.#open.size
  }

  pick(): Socket | undefined {
    return this.#open.size > 0 ? this.#random.pick([...this.#open]) : undefined
  }

  /** As a cable that is pulled. */
  cut(socket: Socket, how: 'ended' | 'reset'): void {
    this.#open.delete(socket)
    if (how === 'ended') socket.destroy()
    else socket.resetAndDestroy()
  }

  /** Slack renews connections now and then: it says so, and closes them somewhat later. */
  refresh(socket: Socket): void {
    this.#open.delete(socket)
    this.#send(socket, { type: 'disconnect', reason: 'refresh_requested' })
    setTimeout(() => socket.destroy(), REFRESH_MS).unref()
  }

  /** Sends an event, first on this connection, until it is acknowledged; false when Slack would give it up. */
  async deliver(event: Event, first?: Socket): Promise<boolean> {
    let socket = first
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      socket ??= await this.#anyOpen()
      if (attempt > 0) this.redelivered++
      if (await this.#attempt(event, socket, attempt)) return true
      socket = undefined
    }
    return false
  }

  close(): void {
    for (const socket of this.#all) socket.destroy()
  }

  async #anyOpen(): Promise<Socket> {
    for (const until = Date.now() + WITHOUT_CONNECTION_MS; Date.now() < until; await delay(10)) {
      const socket = this.pick()
      if (socket) return socket
    }
    throw new Error('The program has no connection any more.')
  }

  #attempt(event: Event, socket: Socket, attempt: number): Promise<boolean> {
    const id = `envelope-${++this.#count}`
    return new Promise((resolve) => {
      const end = (isAcknowledged: boolean) => {
        clearTimeout(late)
        this.#waiting.delete(id)
        resolve(isAcknowledged)
      }
      const late = setTimeout(() => end(false), ACKNOWLEDGED_WITHIN_MS)
      this.#waiting.set(id, { socket, end })
      if (socket.destroyed) return end(false)
      const again = attempt > 0 ? { retry_attempt: attempt, retry_reason: 'timeout' } : {}
      const { type, body } = event
      this.#send(socket, { type, envelope_id: id, accepts_response_payload: false, payload: body, ...again })
    })
  }

  #send(socket: Socket, message: object): void {
    socket.write(frameOf(TEXT, Buffer.from(JSON.stringify(message))))
  }

  #listen(socket: Socket): void {
    this.#all.add(socket)
    let bytes = Buffer.alloc(0)
    socket.on('data', (more: Buffer) => {
      const { frames, rest } = framesIn(Buffer.concat([bytes, more]))
      bytes = Buffer.from(rest)
      for (const { kind, body } of frames) {
        if (kind === PING) socket.write(frameOf(PONG, body))
        // A goodbye to one that it renews waits until it closes it.
        if (kind === CLOSE && this.#open.has(socket)) socket.end(frameOf(CLOSE, body))
        // Ours is the only client, and says nothing but acknowledgements.
        if (kind === TEXT) this.#waiting.get(JSON.parse(body.toString('utf8')).envelope_id)?.end(true)
      }
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#open.delete(socket)
      this.#all.delete(socket)
      for (const waiting of this.#waiting.values()) if (waiting.socket === socket) waiting.end(false)
    })
  }
}
