import { vi } from 'vitest'
import { SOON_MS } from './soon-ms.ts'

/** Looks until it throws no more, and resolves with what it saw; fails with what it threw last. */
export const soon = <Seen>(look: () => Seen | Promise<Seen>): Promise<Seen> =>
  vi.waitFor(look, { timeout: SOON_MS, interval: 20 })
