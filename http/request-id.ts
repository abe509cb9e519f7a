import type { RequestHandler } from 'express'
import { randomCode } from '../core/ids.ts'

/** Gives every HTTP request an id, said back in `X-Request-Id`: what a person quotes and the log knows, as `httpRequestId`. */
export function requestId(): RequestHandler {
  return (_request, response, next) => {
    const id = randomCode(10)
    response.locals.httpRequestId = id
    response.setHeader('X-Request-Id', id)
    next()
  }
}
