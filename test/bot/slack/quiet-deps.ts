import { vi } from 'vitest'
import type { ChatDeps } from '../../../bot/chat-surface.ts'
import { silentLogger } from '../../../core/ports/logger.ts'
import type { Store } from '../../../db/store.ts'
import { shop } from '../understand/shop.ts'

/** What a surface works with, where a test is about the surface alone: nobody is known, nothing waits, nothing may be done. */
export function quietDeps(store: Store): ChatDeps {
  return {
    store,
    intake: { receive: vi.fn(), click: vi.fn(async () => ({ ok: true, says: 'Done.' })) },
    people: {
      ...{ all: () => [], byId: () => undefined, byAccount: () => undefined, named: () => [], version: () => '1' },
      refresh: async () => undefined,
    },
    // Only the home page asks it, and only for people who are known.
    desk: {} as ChatDeps['desk'],
    skills: [],
    guide: { for: async () => [] },
    catalog: () => shop,
    address: undefined,
    clock: () => new Date(),
    log: silentLogger,
  }
}
