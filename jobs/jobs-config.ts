import type { Config } from '../core/config.ts'
import { resolveSecret } from '../core/secrets.ts'
import type { JobsConfig } from './start.ts'

/** Which queue a configuration means, and how long a job stays a silent worker's there; the secret is resolved now. */
export function jobsConfigOf({ queue, leaseMs }: Pick<Config, 'queue' | 'leaseMs'>): JobsConfig {
  return {
    queue: queue.kind === 'store' ? 'store' : { url: resolveSecret(queue.url) },
    // Redis takes whole milliseconds only: a third of 5 s is none, and no stalled job would be found.
    tuning: { lockMs: leaseMs, stalledCheckMs: Math.round(leaseMs / 3) },
  }
}
