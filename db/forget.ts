import { lt } from 'drizzle-orm'
import { codes } from './schema/codes.ts'
import { incoming } from './schema/incoming.ts'
import { modelCalls } from './schema/model-calls.ts'
import type { Store } from './store.ts'

/** Longer than any surface delivers an event again, and than anybody asks what became of a code. */
const KEEP_MS = 7 * 24 * 3_600_000
/** A quarter's bill can still be explained; after that the endpoint's own invoice has to do. */
const KEEP_SPENDING_MS = 90 * 24 * 3_600_000

/** Drops what only had to be remembered for a while: keys of events, codes that expired, what models cost. Run it each hour. */
export async function forgetOld(store: Store, now = new Date()): Promise<void> {
  const before = new Date(now.getTime() - KEEP_MS)
  await store.db.delete(incoming).where(lt(incoming.at, before))
  await store.db.delete(codes).where(lt(codes.expiresAt, before))
  await store.db.delete(modelCalls).where(lt(modelCalls.at, new Date(now.getTime() - KEEP_SPENDING_MS)))
}
