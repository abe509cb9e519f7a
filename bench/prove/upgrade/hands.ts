import { setTimeout as pause } from 'node:timers/promises'
import { WebPerson } from '../../../test/_harness/web-person.ts'
import type { Chat } from '../surfaces/chat.ts'
import { hasCounted } from '../surfaces/counted.ts'
import type { Stand } from './world.ts'

export type Decision = 'go' | 'approve' | 'reject'

/** What people do about what they asked the release before, where they asked it. */
export interface Hands {
  /** Somebody in the conversation of an operation presses a button of its card; resolves with what they are told, after "yes: " or "no: ". */
  press(person: string, operation: Stand, verb: Decision): Promise<string>
  /** Says it in a conversation; resolves with the card that came of it once it is final, in a few words. */
  say(person: string, thread: string, sentence: string): Promise<string>
}

const WITHIN_MS = 10_000
/** A chat is given fifty cards at once. */
const SHOWN_WITHIN_MS = 60_000
const LOOK_MS = 200
export const WHY = 'not with another release'
/** What a service says that gave up waiting on a busy machine: who pressed presses again, or looks at what became of the card. */
const NOT_HEARD = /Click again|takes longer than/

export function handsOnPage(address: () => string): Hands {
  return {
    async press(person, { id, thread }, verb) {
      const who = await WebPerson.enter(address, person, thread)
      const card = await who.sees(
        (seen) => seen.operationId === id && (seen.card.actions?.some((one) => one.verb === verb) ?? false),
        `the button to ${verb} ${id}`,
        WITHIN_MS,
      )
      const action = card.card.actions?.find((one) => one.verb === verb)
      const { ok, says } = await who.click(card, action ?? { verb }, { reason: WHY })
      return `${ok ? 'yes' : 'no'}: ${says}`
    },
    async say(person, thread, sentence) {
      const who = await WebPerson.enter(address, person, thread)
      const { operationId } = await who.says(sentence)
      return (await who.seesTheEnd(operationId, WITHIN_MS)).card.title
    },
  }
}

/** @param places where in the chat each conversation is */
export function handsInChat(chat: Chat, places: ReadonlyMap<string, string>, address: () => string): Hands {
  const placeOf = (thread: string): string => {
    const place = places.get(thread)
    if (place === undefined) throw new Error(`The conversation ${thread} is not in ${chat.name}.`)
    return place
  }
  return {
    async press(person, { id, thread }, verb) {
      const place = placeOf(thread)
      let hasPressed = false
      for (const late = Date.now() + SHOWN_WITHIN_MS; Date.now() < late; await pause(LOOK_MS)) {
        const card = (await chat.cardsIn(place)).find(({ words }) => words.includes(id))
        const press = card && (await chat.press(person, card, verb, address(), WHY))
        if (!press && card && hasPressed) return `yes: the card has no such button any more: ${card.words}`
        if (!press) continue
        const says = await press.send(address())
        hasPressed = true
        if (says !== undefined && !NOT_HEARD.test(says)) return `${hasCounted(says) ? 'yes' : 'no'}: ${says}`
      }
      const words = (await chat.cardsIn(place)).map((card) => card.words).join('; ')
      throw new Error(`${person} waited in vain for a button to ${verb} ${id}; there is: ${words || 'nothing'}`)
    },
    async say(person, thread, sentence) {
      const place = placeOf(thread)
      const before = new Set((await chat.cardsIn(place)).map(({ ref }) => ref))
      const saying = await chat.saying(person, sentence, { place })
      if (!(await saying.send(address()))) throw new Error(`"${sentence}" was not taken by ${chat.name}.`)
      for (const late = Date.now() + WITHIN_MS; Date.now() < late; await pause(LOOK_MS)) {
        const card = (await chat.cardsIn(place)).find(({ ref }) => !before.has(ref))
        if (card?.words.split('\n').includes('Done')) return card.words.split('\n', 1)[0] ?? ''
      }
      throw new Error(`"${sentence}" was not done in ${chat.name}.`)
    },
  }
}
