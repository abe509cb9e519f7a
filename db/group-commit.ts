import { setImmediate as turnEnds } from 'node:timers/promises'
import { UpstreamError } from '../core/errors.ts'

/** One statement for so many writes at most: past that a statement gets long and a reader waits for it. */
const MOST = 50

interface Waiting<Item, Answer> {
  readonly item: Item
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Lets what is asked at the same time share a statement and a commit: the first goes when this turn of the event loop ends, whatever
 * comes while it is under way goes together with the next. A group is one statement, so it is written whole or not at all; one that is
 * refused is written again one by one, so that a bad item fails alone. `write` answers in the order of its items, and each item's
 * conditions count for itself.
 */
export function groupCommit<Item, Answer>(
  write: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = []
  let writing = false

  async function alone(one: Waiting<Item, Answer>): Promise<void> {
    try {
      const [answer] = await write([one.item])
      one.resolve(answer as Answer) // one answer for each item, by `write`'s contract
    } catch (error) {
      one.reject(error)
    }
  }

  async function together(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await write(group.map((one) => one.item))
      for (const [index, one] of group.entries()) one.resolve(answers[index] as Answer) // as above
    } catch (error) {
      // A store that is away refuses them all; asking again for each would only take as many time-outs.
      if (error instanceof UpstreamError) for (const one of group) one.reject(error)
      else for (const one of group) await alone(one)
    }
  }

  async function writeAll(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      // Whatever is asked in this very turn goes along: those whose last group ended together then stay together.
      await turnEnds()
      const group = waiting.slice(0, MOST)
      waiting = waiting.slice(MOST)
      const [only, ...more] = group
      if (only && more.length === 0) await alone(only)
      else await together(group)
    }
    writing = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!writing) void writeAll()
    })
}
