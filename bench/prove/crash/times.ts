import type { LifeOptions } from './worker.ts'

/** For the short forms: a lease is given up after 3 s, not 30 s. The long forms run with the program's own times. */
export const QUICK: Required<Pick<LifeOptions, 'timing' | 'tuning'>> = {
  timing: { leaseMs: 3_000, renewMs: 1_000 },
  tuning: { lockMs: 3_000, stalledCheckMs: 1_000, sweepMs: 500, graceMs: 1_500 },
}
