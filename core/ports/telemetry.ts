import type { ClickVerb } from '../card.ts'
import type { DeliveryId, OperationId, RequestId } from '../ids.ts'
import type { Reader } from '../interpretation.ts'
import type { SurfaceName } from '../person.ts'
import type { OperationState } from '../states.ts'
import type { Logger } from './logger.ts'

interface Took {
  readonly from: Date
  readonly until: Date
}

interface OfOperation {
  readonly requestId: RequestId
  readonly operationId: OperationId
  readonly skill: string
}

/**
 * Something that was done, told once it is over (and committed): metrics count it, traces draw it. Nothing that people or outside systems
 * say is in it, because both go to places with other readers than the chat.
 */
export type Deed =
  /** A message is stored. `at` is when the surface received it. */
  | {
      readonly what: 'received'
      readonly requestId: RequestId
      readonly surface: SurfaceName
      /** Its `X-Request-Id`, where it came to our own page. */
      readonly httpRequestId: string | undefined
      readonly at: Date
    }
  /** A message was read, by the local reader or (again) by the language model. */
  | ({
      readonly what: 'understood'
      readonly requestId: RequestId
      readonly by: Reader
      readonly skill: string | null
    } & Took)
  /** A message has its card. `from` is when it was received. */
  | ({
      readonly what: 'answered'
      readonly requestId: RequestId
      readonly surface: SurfaceName
      readonly outcome: RequestEnd
    } & Took)
  | ({
      readonly what: 'planned'
      readonly requestId: RequestId
      readonly skill: string
      readonly ok: boolean
    } & Took)
  | ({
      readonly what: 'gated'
      readonly requestId: RequestId
      readonly skill: string
      readonly verdict: OperationState | 'refused'
    } & Took)
  /** An operation came into a state; `since` it was in the one before, or was asked for. */
  | (OfOperation & {
      readonly what: 'moved'
      readonly state: OperationState
      readonly before: OperationState | undefined
      readonly since: Date
      readonly createdAt: Date
      readonly at: Date
    })
  /** A worker had an operation in its hands; `fence` tells its claims apart. */
  | (OfOperation &
      Took & {
        readonly what: 'ran'
        readonly fence: number
        readonly workerId: string
        readonly state: OperationState
        /** When it could have begun; known for the first claim. */
        readonly readyAt: Date | undefined
      })
  | (OfOperation &
      Took & {
        readonly what: 'step'
        readonly fence: number
        readonly phase: 'run' | 'compensate'
        readonly kind: 'step' | 'observe' | 'wait' | 'decide'
        readonly name: string
        readonly outcome: 'done' | 'failed' | 'unknown'
      })
  /** A card was sent, or could not be. `from` is when this revision was written. */
  | ({
      readonly what: 'sent'
      readonly surface: SurfaceName
      readonly deliveryId: DeliveryId
      readonly requestId: RequestId | undefined
      readonly operationId: OperationId | undefined
      readonly revision: number
      readonly first: boolean
      readonly ok: boolean
    } & Took)
  /** A card will not be shown: its surface refused it from `from` until `until`. */
  | ({
      readonly what: 'gave-up'
      readonly surface: SurfaceName
      readonly deliveryId: DeliveryId
      readonly requestId: RequestId | undefined
      readonly operationId: OperationId | undefined
    } & Took)
  | {
      readonly what: 'clicked'
      readonly surface: SurfaceName
      readonly verb: ClickVerb
      readonly result: 'counted' | 'refused' | 'failed'
    }
  /** A job of the queue was worked on. `waitedMs` since it was due; known for the first time that it was taken. */
  | {
      readonly what: 'worked'
      readonly kind: string
      readonly waitedMs: number | undefined
      readonly tookMs: number
      readonly outcome: 'done' | 'failed' | 'handed-back'
    }
  | {
      readonly what: 'asked-model'
      readonly model: string
      readonly purpose: string
      readonly ok: boolean
      readonly inputTokens: number
      readonly outputTokens: number
      readonly costUsd: number | undefined
      readonly tookMs: number
    }
  /** The circuit breaker before an outside system. */
  | { readonly what: 'circuit'; readonly service: string; readonly state: CircuitState }

export type CircuitState = 'closed' | 'half-open' | 'open'
export type RequestEnd = 'answered' | 'proposed' | 'asked' | 'refused' | 'ignored' | 'failed'

/** Whoever is told. Never throws and never waits: nothing may be slower because somebody looks. */
export interface Telemetry {
  tell(deed: Deed): void
}

export const noTelemetry: Telemetry = { tell() {} }

export function tellAll(listeners: readonly Telemetry[]): Telemetry {
  const [only, ...others] = listeners
  if (!only) return noTelemetry
  if (others.length === 0) return only
  return {
    tell(deed) {
      for (const listener of listeners) listener.tell(deed)
    },
  }
}

/** Every deed as a log line, for whoever follows one id with nothing but the log (`log: debug`). */
export function loggedDeeds(log: Logger): Telemetry {
  return { tell: ({ what, ...fields }) => log.debug(fields, what) }
}
