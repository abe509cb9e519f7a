import type { ErrorRequestHandler, Response } from 'express'
import { DeniedError, messageOf, UpstreamError, UserError } from '../core/errors.ts'
import { randomCode } from '../core/ids.ts'
import type { Logger } from '../core/ports/logger.ts'

/** Errors to answers, once: who must act decides the status (DESIGN §5). The body is always `{ error: sentence, … }`. */
export function translateErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    // Half an answer is out already: only cutting it tells the client that it is not whole.
    if (response.headersSent) return next(error)
    if (error instanceof UserError) {
      response.status(422).json({ error: error.message, suggestions: error.suggestions })
    } else if (error instanceof DeniedError) {
      const { rule, missing, grantedBy } = error
      response.status(403).json({ error: error.message, rule, missing, grantedBy })
    } else if (error instanceof UpstreamError) {
      response.setHeader('Retry-After', String(Math.max(1, Math.ceil((error.retryAfterMs ?? 2_000) / 1000))))
      response.status(503).json({ error: error.message, service: error.service, retryable: error.retryable })
      log.warn(
        { err: error, httpRequestId: response.locals.httpRequestId, service: error.service },
        'an outside system failed',
      )
    } else if (!badBody(error, response)) {
      const id = randomCode(8)
      const { method, path } = request
      log.error(
        { err: error, errorId: id, httpRequestId: response.locals.httpRequestId, method, path },
        'request failed by a bug',
      )
      response
        .status(500)
        .json({ error: `Something broke on our side. It is in the log as ${id}; please report it.`, id })
    }
  }
}

/** What Express' body reader and router refuse; true when it was one of those. */
function badBody(error: unknown, response: Response): boolean {
  const status = statusOf(error)
  if (status === undefined || status < 400 || status > 499) return false
  if (status === 413) response.status(413).json({ error: 'The message is too large: 1 MiB is the most.' })
  else if (error instanceof SyntaxError)
    response.status(400).json({ error: `The body is not valid JSON: ${messageOf(error).slice(0, 120)}` })
  else if (status === 415) response.status(415).json({ error: 'Send the body as UTF-8 JSON.' })
  else response.status(status).json({ error: `The request cannot be read: ${messageOf(error).slice(0, 120)}` })
  return true
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined
  return typeof error.status === 'number' ? error.status : undefined
}
