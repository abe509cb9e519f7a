import { sql } from 'drizzle-orm'
import type { Store } from '../../../db/store.ts'
import type { Breach, ChatName } from '../prover.ts'
import type { Chat } from '../surfaces/chat.ts'
import { judgeAtRest } from '../surfaces/judge-cards.ts'
import { openChat } from '../surfaces/open.ts'
import type { Database, Golden } from './golden.ts'
import { WHY } from './hands.ts'
import { moveToChat } from './move-to-chat.ts'
import type { Room, Stand, Stands } from './world.ts'

const EXPLAINED = 'the message in the chat says why somebody said no'
const IN_PLACE = 'what the release before posted is edited in place'
const SHOWN = 'what the release before could not show yet is shown'
const MOST_TOLD = 5

/** Where a card stands in a chat, by what it is about. */
type Refs = ReadonlyMap<string, string>

export interface Rooms {
  readonly rooms: readonly Room[]
  /** What the release before had posted. */
  readonly refs: Refs
}

const REFS = 'select key, ref from quarterdeck.deliveries where ref is not null and only_person is null'

/** The chats that the release before left, as they stood; or, where it knew of none, the one that people ask in now. */
export async function openChats({ kept, settings }: Golden, surface: ChatName | undefined): Promise<readonly Chat[]> {
  const people = Object.keys(settings.people)
  const names = Object.keys(kept) as ChatName[] // its type says so
  if (names.length > 0)
    return Promise.all(names.map((name) => openChat(name, people, { kept: kept[name], byInstalling: true })))
  return surface ? [await openChat(surface, people)] : []
}

/** Puts the store of the release before, which is not brought up to date yet, before these chats. */
export async function enterRooms(
  database: Database,
  chats: readonly Chat[],
  { kept }: Golden,
  stands: Stands,
): Promise<Rooms> {
  const rooms: Room[] = []
  for (const chat of chats) {
    const isNew = kept[chat.name] === undefined
    const places = isNew ? await moveToChat(database, chat, stands) : await placesIn(database, chat)
    rooms.push({ chat, places, isNew })
    // Microsoft's side is the same, at another address of this machine.
    if (!isNew && chat.serviceUrl !== undefined)
      await database.query(
        `update quarterdeck.teams_conversations set reference = jsonb_set(reference, '{serviceUrl}', to_jsonb($1::text))`,
        [chat.serviceUrl],
      )
  }
  const { rows } = await database.query(REFS)
  // as the statement says
  return { rooms, refs: new Map((rows as { key: string; ref: string }[]).map(({ key, ref }) => [key, ref])) }
}

async function placesIn(database: Database, chat: Chat): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.query('select surface_key as thread from quarterdeck.threads where surface = $1', [
    chat.name,
  ])
  // as the statement says
  return new Map((rows as { thread: string }[]).map(({ thread }) => [thread, chat.placeOf(thread)]))
}

export interface RoomJudged {
  readonly breaches: readonly Breach[]
  readonly looked: number
}

interface Row extends Record<string, unknown> {
  readonly key: string
  readonly ref: string | null
  readonly title: string
  readonly isSent: boolean
}

/** Every operation of both releases is one message in the chat, which says what became of it; every message is where it was. */
export async function judgeRoom(
  store: Store,
  { chat, places }: Room,
  refs: Refs,
  saidNoTo: readonly Stand[],
): Promise<RoomJudged> {
  const judged = await judgeAtRest(store, chat)
  const all = await chat.all()
  const breaches: Breach[] = [...judged.breaches]
  const told = (promise: string, says: readonly string[]) =>
    void breaches.push(...says.slice(0, MOST_TOLD).map((what) => ({ promise, what })))
  const unexplained = saidNoTo.filter(
    ({ id, thread }) => places.has(thread) && !all.some(({ words }) => words.includes(id) && words.includes(WHY)),
  )
  told(
    EXPLAINED,
    unexplained.map(({ id }) => `no message about ${id} says "${WHY}"`),
  )
  const { rows } = await store.db.execute<Row>(sql`
    select key, ref, card->>'title' as title, sent_revision = revision as "isSent"
    from quarterdeck.deliveries where surface = ${chat.name} and only_person is null`)
  const moved = rows.filter(({ key, ref }) => refs.has(key) && refs.get(key) !== ref)
  told(
    IN_PLACE,
    moved.map(({ key, ref }) => `${key} was ${refs.get(key)}, and is ${ref} now`),
  )
  const shown = new Map(all.map(({ ref, words }) => [ref, words]))
  const missing = rows.filter(({ ref, title, isSent }) => !isSent || !shown.get(ref ?? '')?.includes(title))
  told(
    SHOWN,
    missing.map(({ key, ref, title }) => `${key} (${title}) stands at ${ref} as ${shown.get(ref ?? '') ?? 'nothing'}`),
  )
  return { breaches, looked: judged.looked }
}
