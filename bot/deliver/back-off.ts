import { UpstreamError } from '../../core/errors.ts'

const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/** How long to wait after the `attempts`-th failure: full jitter on a doubling, never less than the surface asked for. */
export function retryDelayMs(error: unknown, attempts: number, random: () => number = Math.random): number {
  const asked = error instanceof UpstreamError ? (error.retryAfterMs ?? 0) : 0
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 10))
  return asked + Math.round(random() * ceiling)
}
