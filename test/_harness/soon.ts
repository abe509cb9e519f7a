import { vi } from 'vitest'

/** For a machine that does much else beside the tests; what holds sooner is not waited for. */
export const SOON_MS = 30_000

/** Looks until it throws no more, and resolves with what it saw; fails with what it threw last. */
export const soon = <Seen>(look: () => Seen | Promise<Seen>): Promise<Seen> =>
  vi.waitFor(look, { timeout: SOON_MS, interval: 20 })
