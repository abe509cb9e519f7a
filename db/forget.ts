import { lt } from 'drizzle-orm'
import { forgetConversations } from './forget-conversations.ts'
import { codes } from './schema/codes.ts'
import { incoming } from './schema/incoming.ts'
import { modelCalls } from './schema/model-calls.ts'
import type { Store } from './store.ts'

const DAY_MS = 24 * 3_600_000
/** Longer than any surface delivers an event again, and than anybody asks what became of a code. */
const KEEP_MS = 7 * DAY_MS
/** A quarter's bill can still be explained; after that the endpoint's own invoice has to do. */
const KEEP_SPENDING_MS = 90 * DAY_MS
/** As the configuration has it where it says nothing (`keep`). */
const KEEP_CONVERSATIONS_MS = 90 * DAY_MS

/**
 * Drops what only had to be remembered for a while: keys of events, codes that expired, what models cost, conversations that nothing
 * depends on. Run it each hour.
 */
export async function forgetOld(store: Store, now: Date, keepMs = KEEP_CONVERSATIONS_MS): Promise<void> {
  const before = (ms: number) => new Date(now.getTime() - ms)
  await store.db.delete(incoming).where(lt(incoming.at, before(KEEP_MS)))
  await store.db.delete(codes).where(lt(codes.expiresAt, before(KEEP_MS)))
  await store.db.delete(modelCalls).where(lt(modelCalls.at, before(KEEP_SPENDING_MS)))
  await forgetConversations(store, before(keepMs))
}
