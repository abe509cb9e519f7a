import type { PersonId } from '../../core/ids.ts'
import { randomCode } from '../../core/ids.ts'

/** What open pages are told, as it happens. Hints: a page that missed some reads the store again. */
export interface LiveEvent {
  readonly name: 'card' | 'message' | 'overview'
  readonly data: object
  /** Told to this person only. */
  readonly only?: PersonId
}

export interface Listener {
  readonly person: PersonId
  /** Takes one event in the wire form of server-sent events. False when the listener cannot keep up and shall be cut off. */
  send(frame: string): boolean
  /** Whether the session that opened it still counts. */
  isWelcome(): boolean
  /** Ends the connection. */
  end(): void
}

interface Told {
  readonly number: number
  readonly only: PersonId | undefined
  readonly frame: string
}

const REMEMBERED = 500
/** Characters of them: a pasted log is told like any other message, and must not be kept five hundred times. */
const MOST_KEPT = 8 * 1024 * 1024
const RESET = 'event: reset\ndata: {}\n\n'
const BEAT_MS = 15_000
const RECHECK_MS = 1_000

/**
 * Tells every open page what happened, each person only what they may see, and remembers the last few hundred events so
 * that a page that lost its connection for a moment goes on where it was (`Last-Event-ID`).
 */
export class LiveHub {
  // A new process counts anew; its epoch makes an id of the old one unknown instead of wrong.
  readonly #epoch = randomCode(6)
  #number = 0
  #told: Told[] = []
  #kept = 0
  readonly #listeners = new Set<Listener>()
  readonly #beat = setInterval(() => this.#frameToAll('event: beat\ndata: {}\n\n'), BEAT_MS).unref()
  readonly #recheck = setInterval(() => this.recheck(), RECHECK_MS).unref()

  get listeners(): number {
    return this.#listeners.size
  }

  publish(event: LiveEvent): void {
    this.#number += 1
    const id = `${this.#epoch}-${this.#number}`
    // JSON has no raw newline, so one data line is always enough.
    const frame = `id: ${id}\nevent: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`
    this.#told.push({ number: this.#number, only: event.only, frame })
    this.#kept += frame.length
    if (this.#told.length > REMEMBERED * 2 || this.#kept > MOST_KEPT) this.#forget()
    for (const listener of this.#listeners) {
      if (event.only !== undefined && event.only !== listener.person) continue
      if (!listener.send(frame)) this.#drop(listener)
    }
  }

  /** Something was not heard of: every page reads the store again, those that come back, too. */
  reset(): void {
    this.#number += 1
    this.#told = []
    this.#kept = 0
    this.#frameToAll(RESET)
  }

  /** Adds a listener; what it missed since `lastEventId` is told first, or `reset` when that is not known any more. */
  listen(listener: Listener, lastEventId: string | undefined): () => void {
    const here = `event: beat\nid: ${this.#epoch}-${this.#number}\ndata: {}\n\n`
    if (lastEventId === undefined) listener.send(`retry: 1000\n${here}`)
    else {
      // Told where it stands only after what it missed: a connection that is lost in between goes on from there, not from here.
      listener.send('retry: 1000\nevent: beat\ndata: {}\n\n')
      const missed = this.#since(lastEventId)
      if (missed === undefined) listener.send(RESET)
      else
        for (const told of missed)
          if (told.only === undefined || told.only === listener.person) listener.send(told.frame)
      listener.send(here)
    }
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Cuts off whose session ended, who left, or whose account was taken away; every second, and at once when people changed. */
  recheck(): void {
    for (const listener of [...this.#listeners]) if (!listener.isWelcome()) this.#drop(listener)
  }

  close(): void {
    clearInterval(this.#beat)
    clearInterval(this.#recheck)
    for (const listener of [...this.#listeners]) this.#drop(listener)
  }

  #since(lastEventId: string): Told[] | undefined {
    const [epoch, number] = lastEventId.split('-')
    const from = Number(number)
    const oldest = this.#told[0]?.number ?? this.#number + 1
    if (epoch !== this.#epoch || !Number.isInteger(from) || from < oldest - 1 || from > this.#number) return undefined
    return this.#told.filter((told) => told.number > from)
  }

  /** Down to half of what may be kept, the oldest first; the newest stays. */
  #forget(): void {
    let from = Math.max(0, this.#told.length - REMEMBERED)
    let kept = this.#told.slice(from).reduce((sum, { frame }) => sum + frame.length, 0)
    for (; kept > MOST_KEPT / 2 && from < this.#told.length - 1; from += 1) kept -= this.#told[from]?.frame.length ?? 0
    this.#told = this.#told.slice(from)
    this.#kept = kept
  }

  #frameToAll(frame: string): void {
    for (const listener of [...this.#listeners]) if (!listener.send(frame)) this.#drop(listener)
  }

  #drop(listener: Listener): void {
    this.#listeners.delete(listener)
    listener.end()
  }
}
