import { createInterface, type Interface } from 'node:readline'
import type { Output } from './screen.ts'

/**
 * Typed lines, one at a time, none lost: what is typed ahead while something is under way waits for its turn, be that a question or the
 * next thing to say.
 */
export class Lines {
  readonly prompt: Interface
  readonly #typed: string[] = []
  readonly #waiting: ((line: string | undefined) => void)[] = []
  #ended = false

  constructor(input: NodeJS.ReadableStream, output: Output) {
    this.prompt = createInterface({ input, output, terminal: output.isTTY === true })
    this.prompt.on('line', (line) => {
      const taker = this.#waiting.shift()
      if (taker) taker(line)
      else this.#typed.push(line)
    })
    this.prompt.on('close', () => {
      this.#ended = true
      for (const taker of this.#waiting.splice(0)) taker(undefined)
    })
  }

  /** The next line; undefined when no more will come. */
  next(): Promise<string | undefined> {
    const line = this.#typed.shift()
    if (line !== undefined || this.#ended) return Promise.resolve(line)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Shows that the next line may be typed; nothing once no more will come. */
  ready(): void {
    if (!this.#ended) this.prompt.prompt()
  }

  /** Asks, and takes the next line as the answer; empty when no more will come. */
  async ask(question: string): Promise<string> {
    const usual = this.prompt.getPrompt()
    this.prompt.setPrompt(question)
    this.ready()
    const line = await this.next()
    this.prompt.setPrompt(usual)
    return line ?? ''
  }

  close(): void {
    this.prompt.close()
  }
}
