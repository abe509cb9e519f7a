import { setTimeout as pause } from 'node:timers/promises'
import type { Crew } from './crew.ts'
import type { Play, Wish } from './plays.ts'
import type { Answer } from './worker.ts'

/** A button that was pressed, as the person knows of it. */
export interface Pressed {
  readonly operation: string
  readonly person: string
  readonly verb: Wish['verb']
  readonly key: string
  readonly sentMs: number
  readonly hopeless: boolean
  /** What came back, if anything did. */
  reply?: { readonly ok: boolean; readonly says: string; readonly gone?: boolean }
}

const PATIENCE_MS = 1_500
const AGAIN_MS = 200
/** What is said to a click when something outside is away. */
const TRY_AGAIN = /try again|went wrong inside/i

/**
 * Those who ask and decide, over the same door as everybody, at whatever worker answers. Who gets no answer sends the same once more, as
 * a surface does; who gets a refusal for now presses again.
 */
export class People {
  readonly #crew: Crew
  /** The operations that each change was said to be. */
  readonly accepted = new Map<string, Set<string>>()
  readonly pressed: Pressed[] = []
  /** Set when nobody waits any more. */
  gone = false

  constructor(crew: Crew) {
    this.#crew = crew
  }

  async live(play: Play): Promise<void> {
    const asked = [this.#ask(play), ...(play.twice ? [this.#ask(play)] : [])]
    const operation = (await Promise.all(asked))[0]
    if (!operation) return
    await Promise.all(play.wishes.map((wish) => this.wish(operation, wish)))
  }

  async #ask({ key, skill, input }: Play): Promise<string | undefined> {
    const note = ({ operation }: Answer) => {
      if (operation) this.accepted.set(key, (this.accepted.get(key) ?? new Set()).add(operation))
    }
    while (!this.gone) {
      const answer = await this.#crew.call({ ask: { key, skill, input } }, PATIENCE_MS, note)
      if (answer?.operation) return answer.operation
      await pause(AGAIN_MS)
    }
    return undefined
  }

  async wish(operation: string, wish: Wish): Promise<void> {
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
      await pause(AGAIN_MS)
    }
  }

  /** Until it is answered, under one key. */
  async #send(click: Omit<Pressed, 'sentMs'>): Promise<Pressed['reply']> {
    const { operation, person, verb, key } = click
    while (!this.gone) {
      const pressed: Pressed = { ...click, sentMs: Date.now() }
      this.pressed.push(pressed)
      const note = ({ clicked }: Answer) => {
        pressed.reply = clicked
      }
      const answer = await this.#crew.call({ click: { key, operation, person, verb } }, PATIENCE_MS, note)
      if (answer?.clicked) return answer.clicked
      await pause(AGAIN_MS)
    }
    return undefined
  }
}
