import { DeniedError, messageOf, PreconditionError, UpstreamError, UserError } from '../../core/errors.ts'
import { randomCode } from '../../core/ids.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Logger } from '../../core/ports/logger.ts'
import type { StoredStep } from '../../db/steps.ts'
import type { House } from '../deps.ts'

/** Whatever an outside system asks for: who waits wants to hear how it ended. */
const LATEST_RETRY_MS = 5 * 60_000

/** What a failed act throws again on every replay, so that a run takes the same way twice. */
export function recordOf(error: unknown): { readonly error: string; readonly detail: JsonObject } {
  const kind =
    error instanceof PreconditionError
      ? 'precondition'
      : error instanceof UserError
        ? 'user'
        : error instanceof DeniedError
          ? 'denied'
          : error instanceof UpstreamError
            ? 'upstream'
            : 'bug'
  const service = error instanceof UpstreamError ? error.service : undefined
  const rule = error instanceof DeniedError ? error.rule : undefined
  return { error: messageOf(error), detail: { kind, service, rule } }
}

export function recordedError({ error, detail }: Pick<StoredStep, 'error' | 'detail'>): Error {
  const message = error ?? 'it failed'
  switch (detail?.kind) {
    case 'precondition':
      return new PreconditionError(message)
    case 'user':
      return new UserError(message)
    case 'denied':
      return new DeniedError(message, { rule: String(detail.rule ?? 'unknown') })
    case 'upstream':
      return new UpstreamError(message, { service: String(detail.service ?? 'unknown'), retryable: false })
    default:
      return new Error(message)
  }
}

/** The effect certainly did not happen: the target, or we, refused it. */
export const wasRefused = (error: unknown) => error instanceof UserError || error instanceof DeniedError

export const mayTryAgain = (error: unknown): error is UpstreamError => error instanceof UpstreamError && error.retryable

/**
 * How long to wait after so many tries before the next one; undefined when it was tried often enough. No sooner than was asked for, and not all at the
 * same moment: many fail together when a system goes away, and hear the same of when it may be asked again.
 */
export function retryWaitMs(
  { timing: { retryMs }, random }: Pick<House, 'timing' | 'random'>,
  tries: number,
  { retryAfterMs = 0 }: Pick<UpstreamError, 'retryAfterMs'>,
): number | undefined {
  const delayMs = retryMs[tries]
  if (delayMs === undefined) return undefined
  const spreadMs = (random() * delayMs) / 2
  const askedMs = retryAfterMs > 0 ? Math.min(retryAfterMs, LATEST_RETRY_MS) + spreadMs : 0
  return Math.max(Math.min(delayMs + spreadMs, Math.max(...retryMs)), askedMs)
}

/** What a person reads of a failure. A bug is a short id that is in the log with everything else. */
export function sayFailure(error: unknown, log: Logger, fields: object): string {
  if (wasRefused(error) || error instanceof UpstreamError) return messageOf(error)
  const bug = randomCode(6)
  log.error({ ...fields, bug, error }, 'something failed on a bug')
  return `Something went wrong inside Quarterdeck (id ${bug}, in the log).`
}
