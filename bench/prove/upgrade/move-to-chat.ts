import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Store } from '../../../db/store.ts'
import type { Chat } from '../surfaces/chat.ts'
import type { Database } from './golden.ts'
import type { Stands } from './world.ts'

/** Long after the proof. */
const NOT_YET = "now() + interval '30 days'"
const ANSWERED_WITHIN_MS = 60_000
const LOOK_MS = 100

/**
 * Makes what people had asked the release before on its page something that they had asked in a chat, which was not given any card of it yet: that
 * release had no chats. Its schema, its cards and its plans stay as it wrote them. Resolves with the place of each conversation.
 */
export async function moveToChat(database: Database, chat: Chat, stands: Stands): Promise<ReadonlyMap<string, string>> {
  const places = new Map<string, string>()
  for (const { thread, by, said } of stands.values()) {
    if (places.has(thread)) continue
    const { place, threadKey } = await chat.saying(by, said)
    places.set(thread, place)
    await database.query(`update quarterdeck.threads set surface = $1, surface_key = $2 where surface_key = $3`, [
      ...[chat.name, threadKey, thread],
    ])
  }
  const moved = `thread_id in (select id from quarterdeck.threads where surface = $1)`
  await database.query(`update quarterdeck.requests set surface = $1 where ${moved}`, [chat.name])
  await database.query(
    `update quarterdeck.deliveries set surface = $1, ref = null, sent_revision = 0, next_at = ${NOT_YET} where ${moved}`,
    [chat.name],
  )
  return places
}

/** Somebody speaks to the bot, which knows from then on that it may speak there; then what it has to show is due. */
export async function meetIn(chat: Chat, person: string, address: string, store: Store): Promise<void> {
  const saying = await chat.saying(person, 'whoami')
  if (!(await saying.send(address))) throw new Error(`Nobody listens to ${chat.name}.`)
  for (const late = Date.now() + ANSWERED_WITHIN_MS; (await chat.cardsIn(saying.place)).length === 0; ) {
    if (Date.now() > late) throw new Error(`Nobody answers in ${chat.name}.`)
    await pause(LOOK_MS)
  }
  await store.db.execute(
    sql`update quarterdeck.deliveries set next_at = now() where surface = ${chat.name} and sent_revision < revision`,
  )
}
