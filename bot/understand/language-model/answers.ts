import type { ModelCall } from '../../../core/ports/language-model.ts'

export interface Answers {
  get(key: string): readonly ModelCall[] | undefined
  set(key: string, calls: readonly ModelCall[]): void
}

/** Remembers the newest answers of a model, at most `most`; the one unused for longest goes first. */
export function rememberAnswers(most: number): Answers {
  const kept = new Map<string, readonly ModelCall[]>()
  return {
    get(key) {
      const calls = kept.get(key)
      if (calls) {
        // A Map keeps the order of insertion: put in again, it is the newest.
        kept.delete(key)
        kept.set(key, calls)
      }
      return calls
    },
    set(key, calls) {
      kept.delete(key)
      kept.set(key, calls)
      const [oldest] = kept.keys()
      if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    },
  }
}
