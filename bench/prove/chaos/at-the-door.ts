import type { Crew } from './crew.ts'
import type { Way } from './people.ts'

const PATIENCE_MS = 1_500

/** At the same door as everybody, without anything that hears and shows before it. */
export function atTheDoor(crew: Crew): Way {
  return {
    async ask({ key, skill, input }, heard) {
      const answer = await crew.call({ ask: { key, skill, input } }, PATIENCE_MS, ({ operation }) => {
        if (operation) heard(operation)
      })
      return answer?.operation
    },
    async press({ key, operation, person, verb }, heard) {
      const answer = await crew.call({ click: { key, operation, person, verb } }, PATIENCE_MS, ({ clicked }) => {
        if (clicked) heard(clicked)
      })
      return answer?.clicked
    },
    nameOf: ({ id }) => id,
    playOf: (key) => key,
  }
}
