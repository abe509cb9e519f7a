import { setTimeout as pause } from 'node:timers/promises'
import { isTerminal, OPERATION_STATES, type OperationState, STATE_WORDS } from '../../../core/states.ts'
import { wordsFor } from '../crash/asking.ts'
import { REQUESTER } from '../crash/engine.ts'
import type { Breach } from '../prover.ts'
import type { Chat, Press, Saying, ShownCard } from '../surfaces/chat.ts'
import { hasCounted } from '../surfaces/counted.ts'
import type { Crew } from './crew.ts'
import type { Reply, Way } from './people.ts'
import { type Play, WHY_NOT } from './plays.ts'

/** A chat service waits so long for its request to be taken, and a person for what they are told. */
const PATIENCE_MS = 4_000
/** From what was said to its card; then it is delivered again. */
const SHOWN_WITHIN_MS = 6_000
const LOOK_MS = 300
/** Commands stand in the channel itself, so each wants one of its own. */
const COMMANDS = 40
/** How a press is answered that came too late: whoever reads this does not press again. */
const TOO_LATE = /^(?:\S+ (?:approved|rejected|cancelled|confirmed) this at |op-\S+ is )/
const GONE: Reply = { ok: false, gone: true, says: 'There is no such button.' }

const STRAY = 'a message that came a second time is closed at the first press'
const CLOSED = /This card was posted twice/
/** What changes nothing any more when everything is over. */
const COMES_TOO_LATE = ['approve', 'reject', 'go', 'cancel']

export interface InChat extends Way {
  /**
   * Presses a button that still stands on each message that came again later, because its answer was lost. Everything is well and over by then.
   * Resolves with how many were pressed, and those that stand as they stood.
   */
  pressStrays(): Promise<{ readonly pressed: number; readonly breaches: readonly Breach[] }>
}

/** Where a change is talked about. */
interface Room {
  /** What was said last: said anew when it was answered with a refusal for now. */
  saying: Saying
  readonly place: string
  readonly asCommand: boolean
}

/**
 * In a chat: messages, commands and buttons, each over a request of the service's to whatever worker works. What is accepted is what has its card
 * there; from then on people know the change by its play, and look at nothing but the chat.
 */
export function inChat(crew: Crew, chat: Chat): InChat {
  const rooms = new Map<string, Promise<Room>>()
  const plays = new Map<string, string>()
  const presses = new Map<string, Press>()
  let opened = 0

  async function say(play: Play, place: string | undefined, asCommand: boolean): Promise<Saying> {
    const saying = await chat.saying(REQUESTER, wordsFor(play), { ...(place ? { place } : {}), asCommand })
    plays.set(saying.key, play.key)
    return saying
  }

  async function open(play: Play): Promise<Room> {
    const asCommand = opened % 2 === 1 && opened < COMMANDS
    opened += 1
    const saying = await say(play, undefined, asCommand)
    return { saying, place: saying.place, asCommand }
  }

  /** The operation's card, as it stands there. */
  const cardIn = async (room: Room) => (await operationsCards(room)).at(-1)
  const straysIn = async (room: Room) => (await operationsCards(room)).slice(0, -1)
  const operationsCards = async ({ place }: Room) =>
    (await chat.cardsIn(place)).filter((card) => stateOn(card) !== undefined)

  return {
    async ask(play, heard) {
      const opening = rooms.get(play.key) ?? open(play)
      rooms.set(play.key, opening)
      const room = await opening
      const { saying } = room
      const address = crew.address()
      if (!address) return undefined
      await within(PATIENCE_MS, saying.send(address))
      for (const late = Date.now() + SHOWN_WITHIN_MS; Date.now() < late; await pause(LOOK_MS)) {
        if (!(await cardIn(room))) continue
        heard(play.key)
        return play.key
      }
      const answer = await crew.call({ cameOf: saying.key }, PATIENCE_MS)
      // The other hand may have said it meanwhile.
      if (answer?.inVain && room.saying === saying) {
        const anew = await say(play, room.place, room.asCommand)
        if (room.saying === saying) room.saying = anew
      }
      return undefined
    },
    async press({ operation, person, verb, key, hopeless }, heard) {
      const room = await rooms.get(operation)
      const address = crew.address()
      if (!room || !address) return undefined
      try {
        const card = presses.has(key) ? undefined : await cardIn(room)
        const press = presses.get(key) ?? (card && (await chat.press(person, card, verb, address, WHY_NOT)))
        if (!press) return card && (hopeless || !mayStillCome(verb, stateOn(card))) ? GONE : undefined
        presses.set(key, press)
        const told = press.send(address).then((says) => {
          const reply = says === undefined ? undefined : { ok: hasCounted(says), gone: TOO_LATE.test(says), says }
          if (reply) heard(reply)
          return reply
        })
        return await within(PATIENCE_MS, told)
      } catch {
        // Nobody answered.
        return undefined
      }
    },
    async pressStrays() {
      // Where a message is found again, one more is a breach already.
      const opened = chat.finds ? [] : await Promise.all(rooms.values())
      const strays = (await Promise.all(opened.map(straysIn))).flat()
      const refs = new Set<string>()
      for (const card of strays) {
        const button = card.buttons.find(({ verb }) => COMES_TOO_LATE.includes(verb))
        if (!button) continue
        refs.add(card.ref)
        const address = crew.address() ?? ''
        await (await chat.press(REQUESTER, card, button.verb, address))?.send(address)
      }
      const open = (await chat.all()).filter(({ ref, words }) => refs.has(ref) && !CLOSED.test(words))
      const breaches = open.map(({ ref, words }) => ({
        promise: STRAY,
        what: `${ref} still says ${words.slice(0, 200)}`,
      }))
      return { pressed: refs.size, breaches }
    },
    nameOf: ({ key }) => plays.get(key) ?? key,
    playOf: (key) => plays.get(key) ?? key,
  }
}

/** The state that an operation's card tells; undefined on other cards. */
function stateOn({ words }: ShownCard): OperationState | undefined {
  const lines = words.split('\n')
  return OPERATION_STATES.find((state) => {
    const word = STATE_WORDS[state]
    return lines.includes(word.charAt(0).toUpperCase() + word.slice(1))
  })
}

/** What a chat shows may be older than what is so, and who reads it may not have been given their view. */
function mayStillCome(verb: string, state: OperationState | undefined): boolean {
  if (state === undefined) return true
  if (verb === 'cancel') return !isTerminal(state) && state !== 'cancelling' && state !== 'needs_human'
  return state === 'requested' || state === 'planned' || state === 'awaiting_approval'
}

/** Undefined where it takes longer, or fails. */
const within = <Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> =>
  Promise.race([work.catch(() => undefined), pause(ms, undefined, { ref: false })])
