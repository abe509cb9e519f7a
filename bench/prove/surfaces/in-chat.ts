import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Card } from '../../../core/card.ts'
import type { DeliveryId, OperationId } from '../../../core/ids.ts'
import type { Store } from '../../../db/store.ts'
import type { Chat, ShownCard } from './chat.ts'
import { hasCounted } from './counted.ts'
import { wordsOf } from './on-page.ts'
import type { Conversations, Seen, Speaker } from './speaker.ts'

const PATIENCE_MS = 45_000
const LOOK_EVERY_MS = 80

interface Row extends Record<string, unknown> {
  readonly id: DeliveryId
  readonly ref: string
  readonly operation: OperationId | null
  readonly final: boolean
  /** The chat was given its newest words. */
  readonly told: boolean
  readonly only: string | null
  readonly card: Card
}

/** What a conversation is to those in it. */
interface Room {
  place: string | undefined
  readonly asCommand: boolean
  /** Messages that stood in the place before. */
  before: ReadonlySet<string>
  readonly keys: string[]
  /** Cards as they were seen: their buttons may be pressed though they have moved on since. */
  readonly seen: Map<DeliveryId, ShownCard>
}

/** In a chat, every other conversation begun with a command where it has them. What is shown is read there; the store says what it is about. */
export function talkInChat(chat: Chat, store: Store, address: () => string): Conversations {
  const rooms = new WeakMap<Speaker, Room>()
  let opened = 0

  const enter = (person: string, room: Room): Speaker => {
    const sees: Speaker['sees'] = async (is, what, patienceMs = PATIENCE_MS) => {
      for (const until = Date.now() + patienceMs; ; await pause(LOOK_EVERY_MS)) {
        const cards = await look(room)
        const found = cards.findLast(is)
        if (found) return found
        if (Date.now() > until)
          throw new Error(
            `${person} waited in vain for ${what} in ${chat.name}; there is:\n${cards.map(({ words }) => words).join('\n\n')}`,
          )
      }
    }
    const speaker: Speaker = {
      sees,
      async says(text) {
        const { place, asCommand } = room
        const saying = await chat.saying(person, text, { ...(place ? { place } : {}), asCommand })
        if (!room.place) room.before = new Set((await chat.cardsIn(saying.place)).map(({ ref }) => ref))
        room.place = saying.place
        room.keys.push(saying.key)
        if (!(await saying.send(address()))) throw new Error(`"${text}" was not taken by ${chat.name}.`)
        const answers = async () => new Set((await answersTo(saying.key)).map(({ id }) => id))
        for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await pause(LOOK_EVERY_MS)) {
          const ids = await answers()
          if (ids.size > 0) return sees(({ deliveryId }) => ids.has(deliveryId), `the answer to "${text}"`)
        }
        throw new Error(`"${text}" was never answered in ${chat.name}.`)
      },
      async presses({ deliveryId }, verb) {
        const press = async () => {
          const card = room.seen.get(deliveryId)
          return card && (await chat.press(person, card, verb, address()))
        }
        const asSeen = await press()
        if (!asSeen) await look(room)
        const says = await (asSeen ?? (await press()))?.send(address())
        return { ok: hasCounted(says ?? ''), says: says ?? 'there was no such button, or no answer' }
      },
    }
    rooms.set(speaker, room)
    return speaker
  }

  async function look(room: Room): Promise<readonly Seen[]> {
    const shown = room.place ? (await chat.cardsIn(room.place)).filter(({ ref }) => !room.before.has(ref)) : []
    const rows = await rowsOf(
      shown.map(({ ref }) => ref),
      room.keys,
    )
    // Read after what the store says: a last word that was sent is there by then.
    const now = room.place && rows.some(({ final }) => final) ? await chat.cardsIn(room.place) : shown
    const byRef = new Map(now.map((card) => [card.ref, card]))
    return rows.map((row) => {
      const card = byRef.get(row.ref)
      if (card) room.seen.set(row.id, card)
      const verbs = (row.card.actions ?? []).map(({ verb }) => verb)
      return {
        deliveryId: row.id,
        operationId: row.operation,
        final: row.final && row.told,
        // What only they are shown, the service keeps nowhere.
        words: card?.words ?? wordsOf(row.card),
        verbs: card ? verbs.filter((verb) => card.buttons.some((button) => button.verb === verb)) : verbs,
      }
    })
  }

  const COLUMNS = sql`delivery.id, delivery.ref, delivery.operation_id as operation, delivery.final, delivery.sent_revision = delivery.revision as told, delivery.only_person as only, delivery.card`
  const list = (values: readonly string[]) => sql`(select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`

  async function rowsOf(refs: readonly string[], keys: readonly string[]): Promise<readonly Row[]> {
    const { rows } = await store.db.execute<Row>(sql`
      select ${COLUMNS} from quarterdeck.deliveries delivery
      left join quarterdeck.requests request on request.id = delivery.request_id
      where delivery.surface = ${chat.name} and delivery.ref is not null and (delivery.ref in ${list(refs)}
        or (delivery.only_person is not null and request.key in ${list(keys)})) order by delivery.created_at`)
    return rows
  }

  /** What a request was answered with, once it was: its operation's card before its own. */
  async function answersTo(key: string): Promise<readonly Row[]> {
    const { rows } = await store.db.execute<Row>(sql`
      select ${COLUMNS} from quarterdeck.requests request join quarterdeck.deliveries delivery
        on delivery.key = 'operation:' || request.operation_id or (request.operation_id is null and delivery.request_id = request.id)
      where request.surface = ${chat.name} and request.key = ${key} and request.outcome is not null and delivery.ref is not null`)
    return rows
  }

  return {
    async open(person) {
      const room = {
        place: undefined,
        asCommand: opened++ % 2 === 1,
        before: new Set<string>(),
        keys: [],
        seen: new Map(),
      }
      return enter(person, room)
    },
    async beside(speaker, person) {
      const room = rooms.get(speaker)
      if (!room) throw new Error(`${person} cannot come along: nobody spoke in ${chat.name}.`)
      return enter(person, room)
    },
  }
}
