import type { Crew } from './crew.ts'
import { longer, type Way } from './people.ts'

/** A surface takes no longer for an answer; but who sent all they have to one that is only slow, again and again, would keep it from ever being done. */
const PATIENCE_MS = { first: 1_500, longest: 12_000 }

/** At the same door as everybody, without anything that hears and shows before it. */
export function atTheDoor(crew: Crew): Way {
  return {
    async ask({ key, skill, input }, heard, tries) {
      const answer = await crew.call({ ask: { key, skill, input } }, longer(PATIENCE_MS, tries), ({ operation }) => {
        if (operation) heard(operation)
      })
      return answer?.operation
    },
    async press({ key, operation, person, verb }, heard, tries) {
      const click = { key, operation, person, verb }
      const answer = await crew.call({ click }, longer(PATIENCE_MS, tries), ({ clicked }) => {
        if (clicked) heard(clicked)
      })
      return answer?.clicked
    },
    nameOf: ({ id }) => id,
    playOf: (key) => key,
  }
}
