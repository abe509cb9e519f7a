import type { Interface } from 'node:readline'
import { clearScreenDown, cursorTo, moveCursor } from 'node:readline'
import { ActionNumbers } from './action-numbers.ts'
import type { CliCard } from './api.ts'
import { inkOf } from './ink.ts'
import { renderText } from './render-text.ts'
import { terminalLine } from './terminal-text.ts'

export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/**
 * What the terminal shows. On a TTY the newest card is redrawn in place while it lives; an older one, and every one when the output goes
 * to a file, is written again below when it changes.
 */
export class Screen {
  readonly numbers = new ActionNumbers()
  readonly #output: Output
  readonly #timezone: string
  readonly #offerActions: boolean
  readonly #shown = new Map<string, { revision: number; text: string }>()
  /** The card at the bottom of the screen, and how many lines it takes. */
  #bottom: { deliveryId: string; lines: number } | undefined
  #prompt: Interface | undefined

  constructor(output: Output, options: { timezone: string; offerActions: boolean }) {
    this.#output = output
    this.#timezone = options.timezone
    this.#offerActions = options.offerActions
  }

  /** The line editor whose half-typed line has to survive what is printed. */
  attach(prompt: Interface | undefined): void {
    this.#prompt = prompt
  }

  /** A person pressed Enter: their line now stands below the last card. */
  typed(): void {
    this.#bottom = undefined
  }

  print(text: string): void {
    this.#bottom = undefined
    this.#write(`${text}\n`)
  }

  note(text: string): void {
    this.print(inkOf(this.#live).faint(terminalLine(text)))
  }

  /** Shows a card, or its next revision. False when this revision, or a later one, is on the screen already. */
  card(card: CliCard): boolean {
    const known = this.#shown.get(card.deliveryId)
    if (known && known.revision >= card.revision) return false
    const numbers = this.#offerActions ? this.numbers.of(card) : undefined
    const width = Math.min(this.#output.columns ?? 100, 110) - 1
    const now = new Date()
    const text = renderText(card.card, { width, colour: this.#live, now, timezone: this.#timezone, numbers })
    this.#shown.set(card.deliveryId, { revision: card.revision, text })
    if (known?.text === text) return true
    const lines = text.split('\n').length + 1
    const tall = lines >= (this.#output.rows ?? 24) - 2
    if (this.#live && !tall && this.#bottom?.deliveryId === card.deliveryId)
      this.#write(`${text}\n\n`, this.#bottom.lines)
    else this.#write(`${text}\n\n`)
    this.#bottom = tall ? undefined : { deliveryId: card.deliveryId, lines }
    return true
  }

  get #live(): boolean {
    return this.#output.isTTY === true
  }

  #write(text: string, over = 0): void {
    if (this.#live) {
      // The half-typed line below may have grown over several rows.
      const rows = over + (this.#prompt?.getCursorPos().rows ?? 0)
      cursorTo(this.#output, 0)
      if (rows > 0) moveCursor(this.#output, 0, -rows)
      clearScreenDown(this.#output)
    }
    this.#output.write(text)
    this.#prompt?.prompt(true)
  }
}
