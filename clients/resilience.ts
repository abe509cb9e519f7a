import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type IHalfOpenAfterBackoffContext,
  retry,
} from 'cockatiel'
import type { CircuitState as CircuitWord } from '../core/ports/telemetry.ts'
import { Trouble } from './trouble.ts'

export interface ResilienceOptions {
  /** Tries after the first one. */
  readonly retries: number
  readonly firstDelayMs: number
  readonly longestDelayMs: number
  /** Outages in a row before the circuit opens. */
  readonly opensAfter: number
  /** How long it stays open before one call is let through to try; twice as long each time that this one fails as well. */
  readonly halfOpenAfterMs: number
  readonly longestOpenMs: number
  /** Told how the circuit stands, now and whenever that changes. */
  readonly circuit?: (state: CircuitWord) => void
}

export const DEFAULT_RESILIENCE: ResilienceOptions = {
  retries: 3,
  firstDelayMs: 150,
  longestDelayMs: 5_000,
  opensAfter: 6,
  // Many calls that are cut off at once open it, and mostly what they asked is back a moment later.
  halfOpenAfterMs: 1_000,
  longestOpenMs: 10_000,
}

const WORDS: Record<CircuitState, CircuitWord> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  // Held open by hand, which nothing here does.
  [CircuitState.Isolated]: 'open',
}

export interface Resilience {
  /** With retries: only for what may be asked twice. */
  again<T>(call: () => Promise<T>): Promise<T>
  /** One try, behind the breaker only. */
  once<T>(call: () => Promise<T>): Promise<T>
  /** `random` × the exponential delay of the n-th failure in a row (full jitter); after what was asked for, which many may have been told at once. */
  delayMs(failures: number, askedMs?: number): number
}

/**
 * Retries with full-jitter back-off that honour Retry-After, round a circuit breaker; one per outside system, so that one that is
 * down is neither hammered nor waited for. Calls throw Trouble for what counts; anything else passes through untouched.
 * While the circuit is open, throws Trouble that says what was last seen.
 */
export function createResilience(options: ResilienceOptions, random: () => number = Math.random): Resilience {
  let openedAt = 0
  let restMs = 0
  const rest = new DelegateBackoff(({ attempt }: IHalfOpenAfterBackoffContext) => {
    restMs = Math.min(options.longestOpenMs, options.halfOpenAfterMs * 2 ** (attempt - 1))
    return restMs
  })
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof Trouble && error.outage),
    { halfOpenAfter: rest, breaker: new ConsecutiveBreaker(options.opensAfter) },
  )
  let lastSeen = 'no answer'
  breaker.onStateChange((state) => {
    if (state === CircuitState.Open) openedAt = performance.now()
    options.circuit?.(WORDS[state])
  })
  options.circuit?.('closed')
  breaker.onFailure(({ reason }) => {
    if ('error' in reason && reason.error instanceof Trouble) lastSeen = reason.error.how
  })

  const delayMs = (failures: number, askedMs = 0) =>
    askedMs + random() * Math.min(options.longestDelayMs, options.firstDelayMs * 2 ** failures)

  async function once<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await breaker.execute(call)
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error
      const leftMs = Math.max(0, openedAt + restMs - performance.now())
      throw new Rested(`${lastSeen}; it is asked again in ${Math.ceil(leftMs / 1000)} s`, leftMs)
    }
  }

  const retrying = retry(
    // A longer wait than ours is the caller's to decide on.
    handleWhen(
      (error) =>
        error instanceof Trouble && !(error instanceof Rested) && (error.retryAfterMs ?? 0) <= options.longestDelayMs,
    ),
    {
      maxAttempts: options.retries,
      backoff: new DelegateBackoff(({ attempt, result }) =>
        delayMs(attempt, 'error' in result && result.error instanceof Trouble ? result.error.retryAfterMs : 0),
      ),
    },
  )
  return { once, delayMs, again: (call) => retrying.execute(() => once(call)) }
}

/** The breaker is open: asking again at once is of no use. */
class Rested extends Trouble {
  constructor(how: string, restMs: number) {
    super(how, { retryAfterMs: restMs, outage: false })
  }
}
