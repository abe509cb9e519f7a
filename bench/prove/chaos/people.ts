import { setTimeout as pause } from 'node:timers/promises'
import { REQUESTER } from '../crash/engine.ts'
import type { Play, Wish } from './plays.ts'
import type { StillOpen } from './worker.ts'

/** What came back to who pressed. `gone`: the card has no such button (any more). */
export interface Reply {
  readonly ok: boolean
  readonly says: string
  readonly gone?: boolean
}

export interface Click {
  readonly operation: string
  readonly person: string
  readonly verb: Wish['verb']
  /** Under the same one it is the same click, delivered again. */
  readonly key: string
  readonly hopeless: boolean
}

/** A button that was pressed, as the person knows of it. */
export interface Pressed extends Click {
  readonly sentMs: number
  /** If anything came back. */
  reply?: Reply
}

/** How people reach the program. Everything is tried once, at whatever worker is there. */
export interface Way {
  /**
   * Resolves with what the change is known by from then on, if it was accepted; `heard` is told so even when that comes late. `tries`: before this
   * one, without an answer.
   */
  ask(play: Play, heard: (operation: string) => void, tries: number): Promise<string | undefined>
  /** Resolves with what came back, if anything did; `heard` hears it also later. */
  press(click: Click, heard: (reply: Reply) => void, tries: number): Promise<Reply | undefined>
  /** What people know an operation by. */
  nameOf(open: StillOpen): string
  /** The play in which this is what was asked, by its request's key. */
  playOf(key: string): string
}

/** Nobody asks five times a second for minutes. */
const AGAIN_MS = { first: 200, longest: 3_000 }
/** What is said to a click when something outside is away. */
const TRY_AGAIN = /try again|went wrong inside/i

/** Those who ask and decide. Who gets no answer sends the same once more, as a surface does; who gets a refusal for now presses again. */
export class People {
  readonly #way: Way
  /** The operations that each change was said to be. */
  readonly accepted = new Map<string, Set<string>>()
  readonly pressed: Pressed[] = []
  /** Set when nobody waits any more. */
  gone = false

  constructor(way: Way) {
    this.#way = way
  }

  async live(play: Play): Promise<void> {
    const asked = [this.#ask(play), ...(play.twice ? [this.#ask(play)] : [])]
    const operation = (await Promise.all(asked))[0]
    if (!operation) return
    await Promise.all(play.wishes.map((wish) => this.#wish(operation, wish)))
  }

  /** Who asked for it wants it stopped. */
  takeBack(open: StillOpen): Promise<void> {
    return this.#wish(this.#way.nameOf(open), { person: REQUESTER, verb: 'cancel', afterMs: 0 })
  }

  async #ask(play: Play): Promise<string | undefined> {
    const note = (operation: string) => {
      this.accepted.set(play.key, (this.accepted.get(play.key) ?? new Set()).add(operation))
    }
    for (let n = 0; !this.gone; n++) {
      const operation = await this.#way.ask(play, note, n)
      if (operation) return operation
      await pause(longer(AGAIN_MS, n))
    }
    return undefined
  }

  async #wish(operation: string, wish: Wish): Promise<void> {
    await pause(wish.afterMs)
    const hands = wish.double ? ['left', 'right'] : ['hand']
    await Promise.all(hands.map((hand) => this.#press(operation, wish, hand)))
  }

  async #press(operation: string, { person, verb, hopeless = false }: Wish, hand: string): Promise<void> {
    for (let n = 0; !this.gone; n++) {
      const key = `${operation}-${person}-${verb}-${hand}-${n}`
      const reply = await this.#send({ operation, person, verb, key, hopeless })
      if (!reply || reply.ok || reply.gone) return
      if (hopeless && !TRY_AGAIN.test(reply.says)) return
      await pause(longer(AGAIN_MS, n))
    }
  }

  /** Until it is answered, under one key. */
  async #send(click: Click): Promise<Reply | undefined> {
    for (let n = 0; !this.gone; n++) {
      const pressed: Pressed = { ...click, sentMs: Date.now() }
      this.pressed.push(pressed)
      const note = (late: Reply) => {
        pressed.reply = late
      }
      const reply = await this.#way.press(click, note, n)
      if (reply) return reply
      await pause(longer(AGAIN_MS, n))
    }
    return undefined
  }
}

/** Each time twice as long. */
export const longer = ({ first, longest }: typeof AGAIN_MS, tries: number) => Math.min(longest, first * 2 ** tries)
