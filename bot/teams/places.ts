import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../../core/ports/logger.ts'
import type { Store } from '../../db/store.ts'
import {
  keepTeamsConversation,
  latestTeamsConversation,
  type TeamsConversation,
  teamsChatWith,
  teamsConversation,
} from '../../db/teams-conversations.ts'
import { type Activity, channelOf } from './activity.ts'
import type { Place } from './connector/adapter.ts'

/** Everywhere somebody spoke or installed the bot; older ones are read from the store again. */
const MOST_IN_MEMORY = 20_000
const LONGEST_PAUSE_MS = 5_000
const CLOSE_WITHIN_MS = 5_000

export interface Places {
  /** Remembers where an activity came from: at once in memory, behind it in the store. */
  note(activity: Activity, tenantId: string): void
  of(conversationId: string): Promise<Place | undefined>
  chatWith(accountId: string): Promise<Place | undefined>
  noteChat(place: Place, accountId: string): void
  /** Where an account was heard of last, their own chat or not. */
  heardFrom(accountId: string): Promise<Place | undefined>
  /** A place whose service reaches other places of the same tenant. */
  any(): Promise<Place | undefined>
  close(): Promise<void>
}

/** Where the bot may speak without being spoken to. */
export function createPlaces(options: { store: Store; clock: () => Date; log: Logger }): Places {
  const { store, clock, log } = options
  const known = new Map<string, Place>()
  const chats = new Map<string, string>()
  const heard = new Map<string, Place>()
  const unwritten = new Map<string, TeamsConversation>()
  const stop = new AbortController()
  let writing: Promise<void> | undefined
  let last: Place | undefined

  const remember = (place: Place, kind: TeamsConversation['kind'], accountId: string | undefined) => {
    last = place
    if (accountId) keepNewest(chats, accountId, place.conversationId)
    const before = known.get(place.conversationId)
    keepNewest(known, place.conversationId, place)
    if (before?.serviceUrl === place.serviceUrl && before.tenantId === place.tenantId) return
    const { conversationId: id, tenantId, serviceUrl } = place
    unwritten.set(id, {
      id,
      tenantId,
      kind,
      accountId: accountId ?? null,
      reference: { serviceUrl },
      updatedAt: clock(),
    })
    writing ??= write().finally(() => {
      writing = undefined
    })
  }

  /** Until everything is written, however long the store is down. */
  async function write(): Promise<void> {
    for (let failures = 0; unwritten.size > 0 && !stop.signal.aborted; ) {
      const [next] = unwritten.values()
      if (!next) return
      try {
        await keepTeamsConversation(store.db, next)
        if (unwritten.get(next.id) === next) unwritten.delete(next.id)
        failures = 0
      } catch (error) {
        if (failures === 0) log.warn({ err: error }, 'where Teams speaks from could not be stored; trying until it is')
        failures += 1
        const longest = Math.min(LONGEST_PAUSE_MS, 100 * 2 ** Math.min(failures, 10))
        await delay(Math.random() * longest, undefined, { signal: stop.signal }).catch(() => undefined)
      }
    }
  }

  async function chatWith(accountId: string): Promise<Place | undefined> {
    const id = chats.get(accountId)
    return (id ? known.get(id) : undefined) ?? placeOf(await teamsChatWith(store.db, accountId))
  }

  return {
    note({ serviceUrl, conversation, from }, tenantId) {
      const kind = conversation.conversationType ?? (conversation.id.startsWith('19:') ? 'channel' : 'personal')
      const accountId = kind === 'personal' ? from.aadObjectId?.toLowerCase() : undefined
      const [whole, thread] = [channelOf(conversation.id), conversation.id]
      // What is for one person alone goes to their chat, and not into a thread that they began in it.
      remember({ serviceUrl, tenantId, conversationId: whole }, kind, accountId)
      if (thread !== whole) remember({ serviceUrl, tenantId, conversationId: thread }, kind, undefined)
      if (from.aadObjectId)
        keepNewest(heard, from.aadObjectId.toLowerCase(), { serviceUrl, tenantId, conversationId: thread })
    },
    async of(conversationId) {
      return known.get(conversationId) ?? placeOf(await teamsConversation(store.db, conversationId))
    },
    chatWith,
    heardFrom: async (accountId) => heard.get(accountId) ?? chatWith(accountId),
    noteChat: (place, accountId) => remember(place, 'personal', accountId),
    any: async () => last ?? placeOf(await latestTeamsConversation(store.db)),
    async close() {
      const late = setTimeout(() => stop.abort(), CLOSE_WITHIN_MS)
      await writing
      clearTimeout(late)
    },
  }
}

/** Keeps so many, those that were heard of last. */
function keepNewest<Kept>(kept: Map<string, Kept>, key: string, value: Kept): void {
  kept.delete(key)
  kept.set(key, value)
  for (const [first] of kept) {
    if (kept.size <= MOST_IN_MEMORY) return
    kept.delete(first)
  }
}

function placeOf(row: TeamsConversation | undefined): Place | undefined {
  const serviceUrl = row?.reference.serviceUrl
  if (!row || typeof serviceUrl !== 'string') return undefined
  return { serviceUrl, tenantId: row.tenantId, conversationId: row.id }
}
