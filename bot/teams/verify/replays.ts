/** More than this at once is no traffic of a chat; what is forgotten for it is still known to the store by its key. */
const MOST = 200_000

/**
 * Activities that came already, for as long as the token that brought them is good: afterwards a captured one no longer passes. An
 * answer is given again to who asks again, without doing anything again.
 */
export class Replays<Answer> {
  readonly #seen = new Map<string, { readonly answer: Answer; readonly untilMs: number }>()

  /** What was answered the first time. */
  before(key: string): Answer | undefined {
    return this.#seen.get(key)?.answer
  }

  keep(key: string, answer: Answer, until: Date, now: Date): void {
    this.#forget(now)
    this.#seen.set(key, { answer, untilMs: until.getTime() })
  }

  /** What could not be taken may come again. */
  drop(key: string): void {
    this.#seen.delete(key)
  }

  // Tokens are good for an hour, all of them: the oldest entries are the first to end.
  #forget(now: Date): void {
    for (const [key, { untilMs }] of this.#seen) {
      if (untilMs > now.getTime() && this.#seen.size < MOST) return
      this.#seen.delete(key)
    }
  }
}
