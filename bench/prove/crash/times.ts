import type { LifeOptions } from './worker.ts'

/** For the short forms: a lease is given up after 2 s, not 30 s. The long forms run with the program's own times. */
export const QUICK = {
  timing: { leaseMs: 2_000, renewMs: 700 },
  tuning: { lockMs: 2_000, stalledCheckMs: 500, sweepMs: 400, graceMs: 1_000 },
} satisfies Pick<LifeOptions, 'timing' | 'tuning'>
