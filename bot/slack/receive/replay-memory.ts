import { WINDOW_S } from './signature.ts'

/** Beyond this the oldest are forgotten: the keys of what they said still tell them from new ones. */
const MOST_KEPT = 200_000

/** Remembers signatures for as long as they are valid, so that what somebody captured and sends again is refused. */
export class ReplayMemory {
  readonly #seen = new Map<string, number>()

  get size(): number {
    return this.#seen.size
  }

  /** False for a signature that was here before. `now` in ms. */
  isNew(signature: string, now: number): boolean {
    if (this.#seen.has(signature)) return false
    // A timestamp may be ahead of us by the whole window, and is then valid for two.
    for (const [oldest, until] of this.#seen) {
      if (until > now && this.#seen.size < MOST_KEPT) break
      this.#seen.delete(oldest)
    }
    this.#seen.set(signature, now + 2 * WINDOW_S * 1_000)
    return true
  }
}
