/** Wakes one waiter. A ring while nobody waits is kept for the next who does. */
export class Bell {
  #rang = false
  #closed = false
  #wake: (() => void) | undefined

  ring(): void {
    this.#rang = true
    this.#wake?.()
  }

  /** Resolves at the next ring, or after `mostMs`. */
  async rung(mostMs: number): Promise<void> {
    if (!this.#rang && !this.#closed) await this.#sleep(mostMs)
    this.#rang = false
  }

  /** Resolves after `ms`, however often it rings, and forgets those rings: whoever waited looks now anyway. At once when closed. */
  async still(ms: number): Promise<void> {
    const until = performance.now() + ms
    for (let left = ms; left > 0 && !this.#closed; left = until - performance.now()) await this.#sleep(left)
    this.#rang = false
  }

  close(): void {
    this.#closed = true
    this.#wake?.()
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms)
      const bell = this
      function done() {
        clearTimeout(timer)
        bell.#wake = undefined
        resolve()
      }
      this.#wake = done
    })
  }
}
