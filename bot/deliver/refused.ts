/** What a surface will not take (no such channel, the app removed) is tried again when it has been so for twice as long, within these. */
const SOONEST_MS = 60 * 60_000
const LATEST_MS = 12 * 60 * 60_000
/** By then nobody waits for the card: who makes the channel usable again sees what is still current. */
export const GIVEN_UP_AFTER_MS = 3 * 24 * 60 * 60_000

export interface Refusal {
  readonly refusedSince: Date
  readonly nextAt: Date
  readonly givenUpAt?: Date
}

/** What to record of a refusal: when to try again, or that nobody will. */
export function refusedAgain(since: Date | null, now: Date): Refusal {
  const refusedSince = since ?? now
  const soFarMs = now.getTime() - refusedSince.getTime()
  if (soFarMs >= GIVEN_UP_AFTER_MS) return { refusedSince, nextAt: now, givenUpAt: now }
  const waitMs = Math.min(LATEST_MS, Math.max(SOONEST_MS, soFarMs), GIVEN_UP_AFTER_MS - soFarMs)
  return { refusedSince, nextAt: new Date(now.getTime() + waitMs) }
}
